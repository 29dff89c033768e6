import { createHash } from "node:crypto";
import { assembleAction, groupByCall, shippedTiers } from "@custody/context";
import type { Heard } from "./heard.ts";
import { knownOf } from "./look.ts";
import { tenant } from "./receive.ts";

/** Every action as its dossier shows it, as one text each, by session and call. */
export function actionsOf(
  heard: Heard,
  shown: (text: string) => string,
): ReadonlyMap<string, string> {
  const views = new Map<string, string>();
  const known = knownOf(heard);
  for (const session of known.sessions()) {
    const records = known.linked(session);
    const sessionLevel = records.filter(
      ({ record }) =>
        record.call === undefined && (record.class === "session" || record.class === "sandbox"),
    );
    for (const [call, group] of groupByCall(records, session)) {
      const contents = group.flatMap(({ record: { id } }) => {
        const text = heard.argumentsOf.get(id);
        return text === undefined ? [] : [{ record: id, path: "arguments", text }];
      });
      const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
      const options = { tenant, session, call, sessionLevel, tiers: shippedTiers, sha256 };
      views.set(
        `${session} ${call}`,
        shown(JSON.stringify(assembleAction(group, contents, options))),
      );
    }
  }
  return views;
}
