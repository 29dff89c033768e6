import { assembleTrace } from "@custody/context";
import { traceRecords } from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";

const params = z.object({
  // Of all zeros there is no trace: that is how one is left out (W3C trace context 3.2.2.3).
  trace_id: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/, "32 lower-case hex characters, not all 0"),
});

/** The span tree of a trace: what was sent as spans, and what is rebuilt from session, turn and call. */
export function traceRoutes(ports: ApiPorts, _access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/traces/{trace_id}",
      summary: "The span tree of a trace, native and rebuilt",
      kinds: readers,
      params,
      answer: z.looseObject({}),
      async handle(call) {
        const trace = call.params["trace_id"] ?? "";
        const records = await traceRecords(askedFor(call, ports.reader), trace);
        if (records.length === 0)
          throw new Refusal("not-found", "no record of this trace is stored here");
        return assembleTrace(records, { trace });
      },
    },
  ];
}
