import { z } from "zod";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Call, type Route, readers } from "../route.ts";

const originParams = z.object({ origin: z.string().min(1).max(256) });

/** The ledgers in static C2SP layout: checkpoints and tiles that any tlog client reads. */
export function logRoutes({ ledgers }: ApiPorts): readonly Route[] {
  const send = async (call: Call, origin: string, path: string): Promise<unknown> => {
    const bytes = await ledgers.file(call.principal.tenant, origin, path);
    if (bytes === undefined) throw new Refusal("not-found", "no such file in this ledger");
    const text = path === "checkpoint" || path.startsWith("checkpoints/");
    return call.reply
      .type(text ? "text/plain; charset=utf-8" : "application/octet-stream")
      .send(Buffer.from(bytes));
  };
  const onlyOrigin = async (tenant: string): Promise<string> => {
    const origins = await ledgers.origins(tenant);
    const [origin] = origins;
    if (origin === undefined) throw new Refusal("not-found", "this tenant has no ledger yet");
    if (origins.length > 1) {
      throw new Refusal(
        "ambiguous",
        "this tenant has several ledgers; name one under /v1/logs/{origin}/",
        {
          fields: { origins },
        },
      );
    }
    return origin;
  };
  return [
    {
      method: "GET",
      path: "/v1/logs",
      summary: "The tenant's ledgers with their latest checkpoint",
      kinds: readers,
      answer: z.object({
        items: z.array(z.object({ origin: z.string(), checkpoint: z.string().nullable() })),
        next: z.null(),
      }),
      async handle({ principal }) {
        const origins = await ledgers.origins(principal.tenant);
        const items = await Promise.all(
          origins.map(async (origin) => ({
            origin,
            checkpoint: (await ledgers.checkpoint(principal.tenant, origin)) ?? null,
          })),
        );
        return { items, next: null };
      },
    },
    {
      method: "GET",
      path: "/v1/logs/{origin}/*",
      summary: "A checkpoint or tile of one ledger; the origin is one URL-encoded segment",
      kinds: readers,
      params: originParams.extend({ "*": z.string().max(256) }),
      mediaType: "application/octet-stream",
      handle: (call) => send(call, call.params["origin"] ?? "", call.params["*"] ?? ""),
    },
    {
      method: "GET",
      path: "/v1/log/*",
      summary: "The same for the only ledger of the tenant",
      kinds: readers,
      params: z.object({ "*": z.string().max(256) }),
      mediaType: "application/octet-stream",
      handle: async (call) =>
        send(call, await onlyOrigin(call.principal.tenant), call.params["*"] ?? ""),
    },
  ];
}
