import { z } from "zod";
import { fidelitySchema } from "../contract/fidelity.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { explainedSessions } from "./session-views.ts";

/** Why a session says of a fact what it says; `fidelity` of the session is the same judgement in one word a fact. */
export function fidelityRoutes(ports: ApiPorts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/sessions/{id}/fidelity",
      summary: "Why each fact of the session is known, or is not, and what would make it come",
      kinds: readers,
      params: z.object({ id: z.string().min(1).max(256) }),
      answer: fidelitySchema,
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const [one] = await explainedSessions(asked, [call.params["id"] ?? ""], ports.clock);
        if (one === undefined)
          throw new Refusal("not-found", "no session of this id is stored here");
        return one.fidelity;
      },
    },
  ];
}
