import { type Scorecard, scorecardOf } from "@custody/context";
import type { z } from "zod";
import { type CompletenessView, completenessSchema } from "../contract/completeness.ts";
import { postureSchema } from "../contract/posture.ts";
import type { ApiPorts } from "../ports.ts";
import { completenessOf } from "../posture/completeness.ts";
import { windowAsked, windowBefore, windowQuery } from "../posture/window.ts";
import { standingOf, windowFacts } from "../posture/window-facts.ts";
import { type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";

/** How well the four layers stand, and what of it all was seen. */
export function postureRoutes(ports: ApiPorts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/posture",
      summary:
        "The four layers of a window of at most 31 days: level, limiting indicator, coverage and the next step of each",
      kinds: readers,
      query: windowQuery,
      answer: postureSchema,
      async handle(call): Promise<Scorecard> {
        const window = windowAsked(call.query as z.output<typeof windowQuery>, ports.clock);
        const asked = askedFor(call, ports.reader);
        const standing = await standingOf(asked, ports.clock.now());
        const facts = await windowFacts(asked, window, standing);
        const before = await windowFacts(asked, windowBefore(window), standing);
        return scorecardOf(facts, before);
      },
    },
    {
      method: "GET",
      path: "/v1/completeness",
      summary:
        "Who should report and was not heard, gaps, drops, silence, and what agents told held against what others saw",
      kinds: readers,
      query: windowQuery,
      answer: completenessSchema,
      async handle(call): Promise<CompletenessView> {
        const window = windowAsked(call.query as z.output<typeof windowQuery>, ports.clock);
        return completenessOf(askedFor(call, ports.reader), window, ports.clock.now());
      },
    },
  ];
}
