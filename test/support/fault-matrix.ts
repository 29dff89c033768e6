import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startClickHouseListener } from "@custody/testkit";
import { expect } from "vitest";
import { custody, eventually } from "../e2e/custody-process.ts";
import { createLoad, type Load } from "./load.ts";
import { makeRequest } from "./made-requests.ts";
import { type MortalCustody, startMortal, type Where } from "./mortal-custody.ts";
import type { Random } from "./random.ts";
import { createRandom } from "./random.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { expectWholeFolder, type Whole } from "./whole-folder.ts";

const preload = new URL("faults/preload.mjs", import.meta.url).href;
const diskMegabytes = 400;

/** What goes wrong. `simulated`: no machine is broken; the process sees what it would see if one were. */
export interface Fault {
  readonly name: string;
  /** Needs a file system of its own. */
  readonly mounts?: true;
  /** The store is a ClickHouse server in a process of its own. */
  readonly server?: true;
  /** Makes it happen under load, and ends it. Answers how often it struck; none is no proof. */
  strike(world: World): Promise<number>;
}

interface World {
  readonly random: Random;
  readonly folder: string;
  readonly load: Load;
  /** Turns a simulated fault on, for some hundred milliseconds; answers how often it struck. */
  simulate(fault: Readonly<Record<string, unknown>>, ms: number): Promise<number>;
  killCustody(): Promise<void>;
  /** Ends the ClickHouse server without warning, and starts it again after a while. */
  killServer(ms: number): Promise<void>;
}

export const faults: readonly Fault[] = [
  {
    name: "the embedded engine is killed, and the process with it",
    async strike(world) {
      await wait(world.random.whole(20, 1_500));
      await world.killCustody();
      return 1;
    },
  },
  {
    name: "the ClickHouse server is killed",
    server: true,
    async strike(world) {
      await wait(world.random.whole(20, 1_500));
      await world.killServer(world.random.whole(200, 2_000));
      return 1;
    },
  },
  {
    name: "the disk is full, for journal, tiles and engine",
    mounts: true,
    async strike({ folder, random, load }) {
      const before = refusals(load);
      const filler = join(folder, "filler");
      fill(filler);
      await eventually(
        async () => (refusals(load) > before ? true : undefined),
        "a refusal of a full disk",
      );
      await wait(random.whole(100, 1_000));
      rmSync(filler);
      return refusals(load) - before;
    },
  },
  {
    name: "fsync fails (simulated in the process)",
    strike: (world) => world.simulate({ fsync: "EIO" }, world.random.whole(200, 1_500)),
  },
  {
    name: "the disk is slow (simulated: each sync takes half a second longer)",
    strike: (world) => world.simulate({ slowMs: 500 }, world.random.whole(1_000, 3_000)),
  },
  {
    name: "the clock jumps forwards and back (simulated: Date.now of the process)",
    async strike(world) {
      const hours = world.random.whole(1, 48);
      await world.simulate({ clockMs: hours * 3_600_000 }, 700);
      await world.simulate({ clockMs: -hours * 3_600_000 }, 700);
      return 2;
    },
  },
  {
    name: "a hostile query takes the engine's memory",
    async strike(world) {
      const struck = await world.simulate({ hostile: true }, world.random.whole(1_000, 3_000));
      // It may have begun near the end: its refusal comes when the engine gets there.
      return struck;
    },
  },
];

function refusals(load: Load): number {
  return [...load.statuses].reduce((sum, [status, n]) => (status >= 500 ? sum + n : sum), 0);
}

/** Until nothing more fits. */
function fill(path: string): void {
  const block = Buffer.alloc(65_536);
  try {
    for (;;) writeFileSync(path, block, { flag: "a" });
  } catch {
    // ENOSPC is what was wanted.
  }
}

/** What one fault, struck so many times on one data folder, left: everything acknowledged once, one root a size, a clean check after each. */
export async function endure(
  fault: Fault,
  times: number,
  seed: number,
  told: (line: string) => void = () => undefined,
): Promise<Whole> {
  const disk = fault.mounts === true ? mountSmallDisk(`${diskMegabytes}m`) : undefined;
  const folder = disk?.dir ?? mkdtempSync(join(tmpdir(), "custody-fault-"));
  const outside = mkdtempSync(join(tmpdir(), "custody-fault-log-"));
  try {
    return await strikes(fault, times, createRandom(seed), { folder, outside }, told);
  } finally {
    disk?.remove();
    for (const gone of [outside, ...(disk === undefined ? [folder] : [])]) {
      rmSync(gone, { recursive: true, force: true });
    }
  }
}

async function strikes(
  fault: Fault,
  times: number,
  random: Random,
  { folder, outside }: { readonly folder: string; readonly outside: string },
  told: (line: string) => void,
): Promise<Whole> {
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const [control, log, signedLog] = ["control", "log", "signed"].map((name) =>
    join(outside, name),
  ) as [string, string, string];
  const listening = (httpPort?: number) =>
    startClickHouseListener({
      dir: join(outside, "clickhouse"),
      secondsMax: 7_200,
      ...(httpPort === undefined ? {} : { httpPort }),
    });
  let listener = fault.server === true ? await listening() : undefined;
  const server = listener?.url;
  const env = {
    FAULT_CONTROL: control,
    FAULT_LOG: log,
    ...(server === undefined ? {} : { CLICKHOUSE_URL: server }),
  };
  const load = createLoad({ make: () => makeRequest(random), connections: 4, pauseMs: 10 });
  const begin = (): MortalCustody => startMortal(data, signedLog, undefined, { preload, env });
  let whole: Whole = { leaves: 0, checkpoints: 0, receipts: 0 };
  try {
    for (let time = 1; time <= times; time++) {
      let life = begin();
      let where = await alive(life);
      let stop = false;
      const run = async (): Promise<void> => {
        // Each life has its own address: the load goes on where the next one listens.
        while (!stop) await load.run(where.otlp, () => stop || life.gone).then(() => wait(10));
      };
      const loading = run();
      const more = (count: number, what: string): Promise<true> => {
        const from = load.acknowledged.size;
        return eventually(
          async () => (load.acknowledged.size > from + count ? true : undefined),
          what,
        );
      };
      await more(50, "a load");
      const struck = await fault.strike({
        random,
        folder,
        load,
        async simulate(now, ms) {
          const before = lines(log);
          writeFileSync(control, JSON.stringify(now));
          await wait(ms);
          if (now["clockMs"] === undefined) {
            await eventually(
              async () => (lines(log) > before ? true : undefined),
              "the fault to strike",
            );
          }
          writeFileSync(control, "{}");
          return lines(log) - before;
        },
        async killCustody() {
          life.kill();
          await life.ended;
          life = begin();
          where = await alive(life);
        },
        async killServer(ms) {
          const port = listener?.httpPort;
          await listener?.stop();
          await wait(ms);
          listener = await listening(port);
        },
      });
      expect(struck, `${fault.name} struck`).toBeGreaterThan(0);
      await more(50, `records taken again after: ${fault.name}`);
      stop = true;
      await loading;
      await load.settle(where.otlp);
      const code = await life.stop();
      expect(code, life.stderr()).toBe(0);
      // What refuses says when to come again; 0 is a connection that a death cut.
      const said = [...load.statuses.keys()].filter((one) => ![0, 200, 429, 503].includes(one));
      expect(said, `answers under: ${fault.name}`).toEqual([]);
      expect(load.withoutRetryAfter).toBe(0);
      const fsck = await custody(
        ["fsck", "--data", data, "--json"],
        server === undefined ? {} : { CLICKHOUSE_URL: server },
      );
      expect(fsck.code, fsck.stdout + fsck.stderr).toBe(0);
      whole = await expectWholeFolder(
        { data, load, served: new Set(), signed: () => signedIn(signedLog) },
        server === undefined ? undefined : { kind: "server", url: server },
      );
      told(
        `${String(time).padStart(4)}/${times}  struck ${struck}  acknowledged ${load.acknowledged.size} calls, each stored once  refused ${refusals(load)}  ${whole.checkpoints} heads  ${whole.leaves} leaves clean`,
      );
    }
    return whole;
  } finally {
    await listener?.stop();
  }
}

async function alive(life: MortalCustody): Promise<Where> {
  const where = await life.ready;
  if (where === undefined) throw new Error(`it did not start: ${life.stderr()}`);
  return where;
}

function lines(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}

function signedIn(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Buffer.from(line, "base64").toString("utf8"));
}
