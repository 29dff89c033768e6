import type { ActionView } from "@custody/model";
import type { ApiClient } from "../../api-client.ts";
import type { Evidence, ReadRecord, Scene } from "./attempt.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** How long what was acknowledged may take until it can be read. */
const waitMsMax = 30_000;
const pauseMs = 200;

/** Reads back what the server holds of a run. */
export interface Witness {
  /** Once as many records of each call can be read as were acknowledged, or time is up. */
  heard(expected: ReadonlyMap<string, number>): Promise<void>;
  evidence(scene: Scene): Evidence;
}

/** Reads with a key that may read, of the session of one run. */
export function createWitness(client: ApiClient, session: string): Witness {
  let records: readonly ReadRecord[] = [];
  let actions: readonly ActionView[] = [];
  const all = async <T>(path: string): Promise<readonly T[]> => {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page = (await client.get(path, { session, limit: "1000", cursor })) as Page<T>;
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  };
  const ofScene = (scene: Scene): readonly ReadRecord[] =>
    records.filter(({ record }) => record.call === scene.call || record.trace === scene.trace);
  return {
    async heard(expected) {
      const until = Date.now() + waitMsMax;
      for (;;) {
        records = await all<ReadRecord>("/v1/records");
        const missing = [...expected].filter(
          ([trace, count]) => records.filter(({ record }) => record.trace === trace).length < count,
        );
        if (missing.length === 0 || Date.now() > until) break;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      actions = await all<ActionView>("/v1/actions");
    },
    evidence(scene) {
      const told = ofScene(scene);
      return {
        scene,
        records: told.filter(({ record }) => record.src.auth.kind !== "internal"),
        action: actions.find(({ call }) => call === scene.call),
      };
    },
  };
}
