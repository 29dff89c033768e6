import { keyKinds } from "@custody/model";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import type { Route } from "../route.ts";

const newKey = z
  .strictObject({
    subject: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/, "letters, digits and . _ @ -"),
    kind: z.enum(keyKinds),
    observes: z.enum(["proxy", "sandbox_net", "sandbox", "vcs", "inventory"]).optional(),
  })
  .refine(({ kind, observes }) => (kind === "observer") === (observes !== undefined), {
    path: ["observes"],
    message: "an observer's key, and no other, names what it observes",
  });
const listed = z.object({
  id: z.string(),
  tenant: z.string(),
  subject: z.string(),
  kind: z.enum(keyKinds),
  created: z.string(),
  revoked: z.string().nullable(),
});

/** Keys: listed without their text, made once, revoked for good. Each act is a record before it takes effect. */
export function keyRoutes({ keys }: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/keys",
      summary: "Keys of the tenant, without their text",
      kinds: ["admin"],
      answer: z.object({ items: z.array(listed), next: z.null() }),
      handle: async ({ principal }) => ({ items: keys.list(principal.tenant), next: null }),
    },
    {
      method: "POST",
      path: "/v1/keys",
      summary: "Make a key; its text is told this once",
      kinds: ["admin"],
      body: newKey,
      answer: z.object({ id: z.string(), key: z.string() }),
      async handle({ principal, body }) {
        const { subject, kind, observes } = newKey.parse(body);
        await access.before(principal, {
          action: "admin",
          object: "keys/create",
          result: "ok",
          detail: { subject, kind },
        });
        return keys.create({
          tenant: principal.tenant,
          subject,
          kind,
          ...(observes === undefined ? {} : { observes }),
        });
      },
    },
    {
      method: "POST",
      path: "/v1/keys/{id}/revoke",
      summary: "Revoke a key",
      kinds: ["admin"],
      params: z.object({ id: z.string().max(64) }),
      answer: z.object({ revoked: z.boolean() }),
      async handle({ principal, params }) {
        const id = params["id"] ?? "";
        await access.before(principal, {
          action: "admin",
          object: "keys/revoke",
          result: "ok",
          detail: { id },
        });
        if (!(await keys.revoke(principal.tenant, id)))
          throw new Refusal("not-found", "no such key");
        return { revoked: true };
      },
    },
  ];
}
