import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@custody/storage";
import { answerQuestions, createUsage } from "./questions.mjs";

/** The batch files that Custody wrote, through the same store writer into an empty store, one after another, with nothing else running. */
const usage = createUsage();
const fileName = /^(\d+)-(\d+)-/;
let store;

answerQuestions({
  async open({ dir }) {
    store = await openStore({ kind: "embedded", dir });
    await store.migrate();
    return {};
  },
  /** Files whose first leaf is below `from` warm the engine up; the rest is timed. */
  async insert({ keep, from }) {
    const files = readdirSync(keep)
      .sort()
      .map((name) => ({ path: join(keep, name), span: fileName.exec(name)?.slice(1).map(Number) }));
    const batches = files.map(({ path, span: [first, last] }) => ({ path, from: first, to: last }));
    const feed = async (some) => {
      for (const file of some) {
        const verdict = await store.writer.insert(file, { repair: false });
        if (verdict.outcome !== "stored") throw new Error(verdict.reason);
      }
    };
    await feed(batches.filter((file) => file.from < from));
    const timed = batches.filter((file) => file.from >= from);
    usage.mark();
    const started = performance.now();
    await feed(timed);
    const tookMs = performance.now() - started;
    const rows = timed.reduce((sum, file) => sum + file.to - file.from, 0);
    return { tookMs, rows, files: timed.length, ...usage.read() };
  },
  async close() {
    await store.close();
    return usage.read();
  },
});
