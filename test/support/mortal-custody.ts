import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/custody.js", import.meta.url));
const preload = new URL("kill-steps/preload.mjs", import.meta.url).href;

const anyPorts = ["--otlp-port", "0", "--grpc-port", "0", "--api-port", "0"];

/** A `custody up` that is meant to die, perhaps before it is ready. */
export interface MortalCustody {
  /** Where it listens; undefined where it died first. */
  readonly ready: Promise<Where | undefined>;
  /** Resolves when it is gone, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  readonly gone: boolean;
  kill(): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  stderr(): string;
}

export interface Where {
  readonly otlp: string;
  readonly api: string;
  readonly adminKey: string;
}

/** Ends itself at the n-th time of a named step. */
export interface Fate {
  readonly step: string;
  readonly at: number;
  /** Gets a line when the step was reached. */
  readonly log: string;
}

/** `signedLog` gets every checkpoint text that was ever signed, in base64. */
export function startMortal(
  data: string,
  signedLog: string,
  fate?: Fate,
  more: { readonly preload?: string; readonly env?: Readonly<Record<string, string>> } = {},
): MortalCustody {
  const child = spawn(process.execPath, [bin, "up", "--data", data, ...anyPorts, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_OPTIONS: [preload, more.preload ?? []]
        .flat()
        .map((url) => `--import=${url}`)
        .join(" "),
      SIGNED_LOG: signedLog,
      ...more.env,
      ...(fate && { KILL_STEP: fate.step, KILL_AT: String(fate.at), KILL_LOG: fate.log }),
    },
  });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", kill);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-16_384);
  });
  const ended = once(child, "exit").then(() => {
    process.removeListener("exit", kill);
    return child.signalCode;
  });
  return {
    ready: Promise.race([readyLine(child), ended.then(() => undefined)]),
    ended,
    get gone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    kill,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
    stderr: () => said,
  };
}

async function readyLine(child: ChildProcess): Promise<Where> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  // Its life may end between the two: then `ended` answers.
  if (!text.includes("\n")) return new Promise(() => undefined);
  const { otlp_http: otlp, api, admin_key_file } = JSON.parse(text) as Record<string, string>;
  return {
    otlp: otlp ?? "",
    api: api ?? "",
    adminKey: readFileSync(admin_key_file ?? "", "utf8").trim(),
  };
}
