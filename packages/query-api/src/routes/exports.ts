import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import type { Route } from "../route.ts";

const request = z.strictObject({
  framework: z.literal("soc2"),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  controls: z
    .array(z.string().regex(/^AT-[A-Z]{3}-\d{2}$/))
    .max(32)
    .default([]),
  purpose: z.string().min(3).max(500),
  /** The bundle that this one continues: its id, and the checkpoint in it. */
  previous: z
    .strictObject({
      id: z.string().max(64),
      origin: z.string().max(256),
      size: z.int().nonnegative(),
      root: z.string().max(64),
    })
    .optional(),
});
const job = z.object({
  id: z.string(),
  status: z.enum(["running", "done", "failed"]),
  progress: z.number(),
  step: z.string(),
  error: z.string().nullable(),
  summary: z.unknown(),
});
const idParams = z.object({ id: z.string().max(64) });

/** Evidence: an export is a job with progress, and its request is a record with its purpose. */
export function exportRoutes({ exports }: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/v1/exports",
      summary: "Start an export of a period",
      kinds: ["auditor", "admin"],
      body: request,
      answer: job,
      async handle({ principal, body }) {
        const wanted = request.parse(body);
        if (Date.parse(wanted.from) >= Date.parse(wanted.to))
          throw new Refusal("bad-request", "`from` must lie before `to`");
        await access.before(principal, {
          action: "export",
          object: `exports/${wanted.framework}`,
          result: "ok",
          purpose: wanted.purpose,
          detail: { from: wanted.from, to: wanted.to },
        });
        return exports.start({
          ...wanted,
          tenant: principal.tenant,
          requestedBy: principal.auth.subject,
        });
      },
    },
    {
      method: "GET",
      path: "/v1/exports/{id}",
      summary: "How far an export is",
      kinds: ["auditor", "admin"],
      params: idParams,
      answer: job,
      async handle({ principal, params }) {
        const found = exports.find(principal.tenant, params["id"] ?? "");
        if (found === undefined) throw new Refusal("not-found", "no such export in this process");
        return found;
      },
    },
    {
      method: "GET",
      path: "/v1/exports/{id}/bundle",
      summary: "The finished bundle",
      kinds: ["auditor", "admin"],
      params: idParams,
      mediaType: "application/zip",
      async handle({ principal, params, reply }) {
        const bytes = await exports.bundle(principal.tenant, params["id"] ?? "");
        if (bytes === undefined) throw new Refusal("not-found", "no finished export of this id");
        return reply.type("application/zip").send(Buffer.from(bytes));
      },
    },
  ];
}
