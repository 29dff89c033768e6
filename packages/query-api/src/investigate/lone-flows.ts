import type { Hit } from "@custody/storage/queries";
import { distanceMs } from "./rank-sessions.ts";

/**
 * Flows that no call explains, the nearest first. A link with low confidence is no explanation: whoever wants a flow to look innocent only has to
 * send it while something else runs.
 */
export function loneFlows(hits: readonly Hit[], at: string): readonly Hit[] {
  const lone = hits.filter(
    (hit) => hit.class === "egress" && (hit.call === null || hit.link?.confidence === "low"),
  );
  return [...new Map(lone.map((hit) => [hit.id, hit])).values()].sort(
    (one, other) =>
      distanceMs(one.at, at) - distanceMs(other.at, at) || (one.id < other.id ? -1 : 1),
  );
}
