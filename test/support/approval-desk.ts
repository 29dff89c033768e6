import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./approval-desk.mjs", import.meta.url));

/** What a person does when an agent asks about a command with this word in it. */
export interface DeskRule {
  readonly command: string;
  /** Told to Custody before the answer, beside the session and the call. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Said and told so long after the answer. */
  readonly later_ms?: number;
}

export interface Desk {
  urlFor(session: string): string;
  /** Ids of the records of what was told before anybody asked. */
  readonly told: readonly string[];
  stop(): Promise<void>;
}

export interface DeskOptions {
  readonly collector: string;
  readonly key: string;
  /** Verdicts it gives before anybody asks. */
  readonly tell: readonly Readonly<Record<string, unknown>>[];
  readonly rules: readonly DeskRule[];
}

/** Starts an approval console as a process of its own, with one person's key. */
export async function startDesk(options: DeskOptions): Promise<Desk> {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { told, at } = JSON.parse(line.toString()) as { told: string[]; at: string };
  return {
    told,
    urlFor: (session) => at.replace("/sessions//", `/sessions/${encodeURIComponent(session)}/`),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
