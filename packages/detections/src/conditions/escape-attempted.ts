import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Day } from "../day.ts";
import { timeOf } from "../record-order.ts";
import type { Story } from "../story.ts";

const word = z.string().min(1).max(120);

/**
 * Something reached for the walls: a violation that a runtime saw, a container's own socket in the arguments of a call, or the address where a
 * cloud hands out its machine's credentials. A try that was stopped counts as well.
 */
export const escapeAttempted: Condition = condition({
  cases: ["violation", "socket", "metadata"],
  inputs: ["sandbox", "egress", "tool_call"],
  parameters: z.strictObject({
    violations: z.array(word).min(1),
    sockets: z.array(word).min(1),
    metadata_hosts: z.array(word).min(1),
  }),
  find: (story, { violations, sockets, metadata_hosts }) => {
    const kinds = new Set(violations);
    const about = (id: string) => {
      const call = story.callOf(id);
      return { about: id, refs: [id], ...(call === undefined ? {} : { call }) };
    };
    const seen = story.of("sandbox").flatMap((record): Hit<"violation">[] => {
      const kind = record.body.violation?.kind.toLowerCase();
      if (kind === undefined || !kinds.has(kind)) return [];
      return [{ case: "violation", at: timeOf(record), ...about(record.id) }];
    });
    const calls = story.calls.flatMap(({ anchor, call, programs = [], paths = [] }) => {
      const words = [...programs.flatMap((one) => one.words), ...paths.map(({ path }) => path)];
      if (!words.some((text) => sockets.some((socket) => text.includes(socket)))) return [];
      return [{ case: "socket" as const, at: timeOf(anchor), refs: [anchor.id], call }];
    });
    return [...seen, ...metadataFlows(story, metadata_hosts), ...calls];
  },
  findInDay: (day, { metadata_hosts }) => metadataFlows(day, metadata_hosts),
});

function metadataFlows(scene: Story | Day, hosts: readonly string[]): readonly Hit<"metadata">[] {
  return scene.of("egress").flatMap((record): Hit<"metadata">[] => {
    if (!hosts.includes(record.body.host.toLowerCase())) return [];
    const call = scene.callOf(record.id);
    const at = timeOf(record);
    const found = { case: "metadata" as const, at, about: record.id, refs: [record.id] };
    return [call === undefined ? found : { ...found, call }];
  });
}
