import type { z } from "zod";
import type { AccessLog } from "../access.ts";
import { investigationSchema } from "../contract/investigation.ts";
import { Refusal } from "../errors.ts";
import { alertOf, alertQuery } from "../investigate/alert.ts";
import { investigate } from "../investigate/investigate.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { recordContentRead } from "./records.ts";

/** From an alert to ordered evidence. */
export function investigateRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/investigate",
      summary:
        "From an alert to ordered evidence: sessions by how well they match, their actions in order of time, and flows that no call explains",
      kinds: readers,
      query: alertQuery,
      answer: investigationSchema,
      async handle(call) {
        const alert = alertOf(call.query as z.output<typeof alertQuery>, ports.clock.now());
        if (alert.clues.file !== undefined && !call.content) {
          throw new Refusal(
            "forbidden",
            "`file` searches content, which this key may not read; ask without it, or with an investigator's key",
          );
        }
        const asked = askedFor(call, ports.reader);
        const answer = await investigate(asked, alert, call.content);
        await recordContentRead(access, call, "investigate", answer.actions.length);
        return answer;
      },
    },
  ];
}
