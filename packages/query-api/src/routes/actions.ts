import { approvers, toolKinds, verdicts } from "@custody/model";
import { actionKeyOf, actionRecords, policyRecords } from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { actionSchema } from "../contract/action.ts";
import { pageOf, pageQuery } from "../contract/page.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Route, readers } from "../route.ts";
import { type ActionQuery, actionPage, actionViews } from "./action-views.ts";
import { askedFor } from "./asked.ts";
import { recordContentRead } from "./records.ts";
import { given, refuseSearchWithoutContent } from "./sessions.ts";

const text = z.string().min(1).max(256).optional();
const listQuery = pageQuery.extend({
  session: text,
  agent: text,
  principal: text,
  tool: text,
  kind: z.enum(toolKinds).optional(),
  status: z.enum(["executed", "blocked", "denied", "error", "timeout", "unknown"]).optional(),
  verdict: z.enum(verdicts).optional(),
  by: z.enum(approvers).optional(),
  tier: z.coerce.number().int().min(0).max(3).optional(),
  egress_host: text,
  egress_action: z.enum(["allowed", "denied", "asked"]).optional(),
  grade: z.enum(["observed", "reported", "derived", "inferred"]).optional(),
  finding: text,
  contested: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
  q: text,
});
const idParams = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hex characters"),
});

/** Actions: everything known of one (session, call), joined. */
export function actionRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/actions",
      summary: "Actions, newest first",
      kinds: readers,
      query: listQuery,
      answer: pageOf(actionSchema),
      handle(call) {
        const query = given(call.query as z.output<typeof listQuery>);
        refuseSearchWithoutContent(query.q, call.content);
        return actionPage(ports, access, call, query as ActionQuery);
      },
    },
    {
      method: "GET",
      path: "/v1/actions/{id}",
      summary: "The dossier of one action, with record ids and grades",
      kinds: readers,
      params: idParams,
      answer: actionSchema,
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const id = call.params["id"] ?? "";
        const policies = policyRecords(asked);
        // Awaited below, unless what comes before fails.
        policies.catch(() => undefined);
        const key = await actionKeyOf(asked, id);
        const keys = key === undefined ? [] : [key];
        const read = async () => {
          const groups = await actionRecords(asked, keys, { yeses: true });
          return actionViews(asked, groups, call.content, await policies);
        };
        // The read is journalled while the rest is read: nothing is answered before both are done.
        const [[view]] = await Promise.all([
          read(),
          recordContentRead(access, call, `actions/${id}`, keys.length),
        ]);
        if (view === undefined)
          throw new Refusal("not-found", "no action of this id is stored here");
        return view;
      },
    },
  ];
}
