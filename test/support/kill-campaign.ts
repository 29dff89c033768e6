import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch as watchFolder,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createLoad, type Load } from "./load.ts";
import { makeRequest } from "./made-requests.ts";
import { type MortalCustody, startMortal, type Where } from "./mortal-custody.ts";
import { createRandom, type Random } from "./random.ts";

/** One data folder through many deaths under load, and everything that was ever promised about it. */
export interface KillCampaign {
  readonly data: string;
  readonly load: Load;
  readonly random: Random;
  /** Signed notes that the API served while it lived. */
  readonly served: ReadonlySet<string>;
  /** Texts of all checkpoints that were ever signed, served or not. */
  signed(): readonly string[];
  /** Starts, loads, and ends it without warning at a moment. */
  kill(moment: Moment): Promise<Death>;
  /** Starts and loads it until it ends itself at the n-th time of a step. */
  killAtStep(step: string, at: number): Promise<Death>;
  /** Starts it, delivers what was never acknowledged, lets `look` ask it, and stops it in peace. */
  settle(look: (where: Where) => Promise<void>): Promise<void>;
  remove(): void;
}

/** `part`: as soon as an insert gave a target table its n-th part, before or while it gives the next table its own. */
export type Moment =
  | { readonly after: "start" | "ready"; readonly ms: number }
  | {
      readonly after: "part";
      readonly table: (typeof targetTables)[number];
      readonly count: number;
    };

export const targetTables = ["records", "content", "claims"] as const;

/** Steps between target tables. A repair follows a crash at the next start, so each of these falls into a start. */
export const repairSteps: readonly string[] = [...targetTables, "sessions"].flatMap((target) => [
  `before-${target}`,
  `after-${target}`,
]);

export interface Death {
  readonly wasReady: boolean;
  readonly acknowledgedBefore: number;
  readonly unansweredThen: number;
}

const lifeMsMax = 60_000;
const pollMs = 50;

export function createKillCampaign(seed: number): KillCampaign {
  const root = mkdtempSync(join(tmpdir(), "custody-kill-"));
  const [data, signedLog, killLog] = [join(root, "data"), join(root, "signed"), join(root, "step")];
  mkdirSync(data);
  const random = createRandom(seed);
  // Of its own, or how much was sent would move the moments.
  const sent = createRandom(seed + 1);
  const load = createLoad({ make: () => makeRequest(sent), connections: 4, pauseMs: 5 });
  const served = new Set<string>();

  const livingLoad = async (custody: MortalCustody): Promise<boolean> => {
    const where = await custody.ready;
    if (where === undefined) return false;
    const gone = (): boolean => custody.gone;
    await Promise.all([load.run(where.otlp, gone), watch(where, gone, served)]);
    return true;
  };

  const until = async (custody: MortalCustody, end: Promise<unknown>): Promise<Death> => {
    const [wasReady] = await Promise.all([livingLoad(custody), end]);
    const signal = await custody.ended;
    if (signal !== "SIGKILL") {
      throw new Error(`it ended by itself: ${signal ?? "exit"} ${custody.stderr()}`);
    }
    const acknowledgedBefore = load.acknowledged.size;
    return { wasReady, acknowledgedBefore, unansweredThen: load.unanswered.length };
  };

  return {
    data,
    load,
    random,
    served,
    signed: () =>
      existsSync(signedLog)
        ? lines(signedLog).map((line) => Buffer.from(line, "base64").toString("utf8"))
        : [],
    async kill(moment) {
      const custody = startMortal(data, signedLog);
      const giveUp = setTimeout(custody.kill, lifeMsMax);
      const death = await until(
        custody,
        comes(moment, custody, data).then(() => custody.kill()),
      );
      clearTimeout(giveUp);
      return death;
    },
    async killAtStep(step, at) {
      rmSync(killLog, { force: true });
      const custody = startMortal(data, signedLog, { step, at, log: killLog });
      const giveUp = setTimeout(custody.kill, lifeMsMax);
      const death = await until(custody, custody.ended);
      clearTimeout(giveUp);
      if (!existsSync(killLog)) throw new Error(`${step} was never reached ${at} times`);
      return death;
    },
    async settle(look) {
      const custody = startMortal(data, signedLog);
      try {
        const where = await custody.ready;
        if (where === undefined) throw new Error(`it did not start: ${custody.stderr()}`);
        await load.settle(where.otlp);
        await look(where);
        const code = await custody.stop();
        if (code !== 0) throw new Error(`it stopped with ${code}: ${custody.stderr()}`);
      } finally {
        custody.kill();
        await custody.ended;
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function comes(moment: Moment, custody: MortalCustody, data: string): Promise<void> {
  if (moment.after !== "start") await custody.ready;
  if (moment.after !== "part") return wait(moment.ms);
  const { table, count } = moment;
  let seen = 0;
  await new Promise<void>((done) => {
    const watcher = watchFolder(join(data, "store/data/custody", table), (_, name) => {
      // A part of an insert is written under another name, and then renamed to this.
      if (name === null || !/^\d{8}_(\d+)_\1_0$/.test(name) || ++seen < count) return;
      custody.kill();
      watcher.close();
      done();
    });
    void custody.ended.then(() => {
      watcher.close();
      done();
    });
  });
}

/** Keeps every checkpoint that a reader could have seen. */
async function watch(where: Where, gone: () => boolean, served: Set<string>): Promise<void> {
  const authorization = `Bearer ${where.adminKey}`;
  while (!gone()) {
    // One question after another, until it is gone.
    const note = await fetch(`${where.api}/v1/log/checkpoint`, { headers: { authorization } }).then(
      async (answer) => (answer.ok ? answer.text() : undefined),
      () => undefined,
    );
    if (note !== undefined) served.add(note);
    await wait(pollMs);
  }
}

function lines(file: string): readonly string[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
