import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Day } from "../day.ts";
import { timeOf } from "../record-order.ts";
import { isAddress, isNear } from "../shapes.ts";
import type { Story } from "../story.ts";

type Way = "direct" | "address" | "resolver" | "mismatch" | "tunnel";
type Flow = LedgerRecord<"egress">;

const hosts = z.array(z.string().min(1).max(253)).max(200);
const parametersSchema = z.strictObject({
  /** Resolvers that are asked inside of HTTPS. */
  resolvers: hosts,
  resolver_ports: z.array(z.int().positive()).max(10),
  /** Public addresses of proxies: what goes there does not go past them. */
  proxies: hosts,
  dns_window_ms: z.int().positive(),
  dns_names_max: z.int().positive(),
  dns_label_units_min: z.int().positive(),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * A flow that goes past what a proxy can judge. `direct`: the sandbox's network let it out to a public address, while others of the session, or of
 * the day, go through a proxy; `address`: through the proxy, but to a bare address that no allow-list names; `resolver`: names are asked for inside of
 * TLS; `mismatch`: the name in the TLS greeting is another than the one asked for; `tunnel`: many long names under one domain are asked for, which is
 * how data leaves by DNS.
 */
export const proxyBypassed: Condition = condition({
  cases: ["direct", "address", "resolver", "mismatch", "tunnel"],
  inputs: ["egress"],
  parameters: parametersSchema,
  find: bypasses,
  findInDay: bypasses,
});

function bypasses(scene: Story | Day, parameters: Parameters): readonly Hit<Way>[] {
  const flows = scene.of("egress");
  const isProxied = flows.some(({ body }) => body.via === "proxy");
  const single = flows.flatMap((flow): readonly Hit<Way>[] => {
    const way = wayOf(flow, parameters, isProxied, scene.flowOf(flow.id)?.listed === true);
    return way === undefined ? [] : [hitOf(way, flow, scene)];
  });
  return [...single, ...tunnels(flows, parameters).map((flow) => hitOf("tunnel", flow, scene))];
}

function hitOf(way: Way, flow: Flow, scene: Story | Day): Hit<Way> {
  const call = scene.callOf(flow.id);
  const found = { case: way, at: timeOf(flow), about: flow.id, refs: [flow.id] };
  return call === undefined ? found : { ...found, call };
}

/** Refused flows went nowhere, and have their own rule. */
function wayOf(
  { body, attrs }: Flow,
  { resolvers, resolver_ports, proxies }: Parameters,
  isProxied: boolean,
  isListed: boolean,
): Way | undefined {
  const { action, via, port } = body;
  const host = body.host.toLowerCase();
  if (action !== "allowed" || isListed || isNear(host)) return undefined;
  if (resolver_ports.includes(port) || resolvers.includes(host)) return "resolver";
  const greeted = attrs?.["tls.client.server_name"]?.toLowerCase();
  if (greeted !== undefined && greeted !== host) return "mismatch";
  if (via === "sandbox_net") return isProxied && !proxies.includes(host) ? "direct" : undefined;
  return isAddress(host) ? "address" : undefined;
}

/** The question that is one too many of its domain in a window, and the next window begins after it. Questions come in order. */
function tunnels(flows: readonly Flow[], parameters: Parameters): readonly Flow[] {
  const { dns_window_ms, dns_names_max, dns_label_units_min } = parameters;
  const asked = new Map<string, Flow[]>();
  return flows.filter((flow) => {
    const { host, protocol } = flow.body;
    const labels = host.toLowerCase().split(".");
    const domain = labels.slice(-2).join(".");
    const below = labels.slice(0, -2).join(".");
    if (protocol !== "dns" || below.length < dns_label_units_min) return false;
    const now = millisOf(timeOf(flow));
    const recent = (asked.get(domain) ?? []).filter(
      (one) => now - millisOf(timeOf(one)) <= dns_window_ms && one.body.host !== host,
    );
    const isOver = recent.length + 1 > dns_names_max;
    asked.set(domain, isOver ? [] : [...recent, flow]);
    return isOver;
  });
}
