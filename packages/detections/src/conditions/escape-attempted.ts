import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";

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
    const metadata = new Set(metadata_hosts);
    const within = (id: string) => {
      const call = story.callOf(id);
      return call === undefined ? {} : { call };
    };
    const seen = story.of("sandbox").flatMap((record): Hit<"violation">[] => {
      const kind = record.body.violation?.kind.toLowerCase();
      if (kind === undefined || !kinds.has(kind)) return [];
      return [{ case: "violation", at: timeOf(record), refs: [record.id], ...within(record.id) }];
    });
    const flows = story.of("egress").flatMap((record): Hit<"metadata">[] => {
      if (!metadata.has(record.body.host.toLowerCase())) return [];
      return [{ case: "metadata", at: timeOf(record), refs: [record.id], ...within(record.id) }];
    });
    const calls = story.calls.flatMap(({ anchor, call, programs = [], paths = [] }) => {
      const words = [...programs.flatMap((one) => one.words), ...paths.map(({ path }) => path)];
      if (!words.some((text) => sockets.some((socket) => text.includes(socket)))) return [];
      return [{ case: "socket" as const, at: timeOf(anchor), refs: [anchor.id], call }];
    });
    return [...seen, ...flows, ...calls];
  },
});
