import type { CallFacts, ToolKind } from "@custody/model";
import { hostListed } from "./allow-list.ts";
import type { EgressDocument, Tier, TiersDocument } from "./policy-shape.ts";

/** What a tier is judged by: the body of a decision or of a tool call. */
export type TieredBody = Pick<CallFacts, "hosts" | "risk" | "classifier"> & {
  readonly tool: string;
  readonly kind: ToolKind;
};

/** The label of a call whose risk nobody can know: its arguments were withheld, or hide what would run. */
export const unknownLabel = "risk:unknown";

/** Kinds whose arguments decide what they do: where those were withheld, the risk is unknown and not absent. */
const opaqueKinds: ReadonlySet<ToolKind> = new Set(["exec", "mcp", "other"]);

/**
 * The labels of a call. With the allow-list in force, `network` becomes `network_listed` where every host the call names is listed;
 * a call that names none stays `network`: where it goes is not known.
 */
export function labelsOf(body: TieredBody, egress?: EgressDocument): readonly string[] {
  const { tool, kind, hosts = [], risk = [], classifier } = body;
  const listed =
    egress !== undefined && hosts.length > 0 && hosts.every((host) => hostListed(host, egress));
  const labels = new Set<string>([`tool:${tool}`]);
  if (!(listed && kind === "net")) labels.add(`kind:${kind}`);
  for (const word of risk)
    labels.add(listed && word === "network" ? "risk:network_listed" : `risk:${word}`);
  if (classifier === undefined && opaqueKinds.has(kind)) labels.add(unknownLabel);
  return [...labels];
}

/** The highest tier of the rules that match; the document's default where none does. */
export function tierOf(labels: readonly string[], document: TiersDocument): Tier {
  const matching = document.rules.filter(({ label }) => labels.includes(label));
  return highestTier(matching.map(({ tier }) => tier)) ?? document.default;
}

/** Undefined of none. */
export function highestTier(tiers: readonly Tier[]): Tier | undefined {
  return [...tiers].sort((left, right) => left - right).at(-1);
}
