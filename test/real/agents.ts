import type { CallTruth } from "../captures/truth.ts";
import { claudeCode } from "./claude-code.ts";
import { codex } from "./codex.ts";
import { geminiCli } from "./gemini-cli.ts";
import type { AnsweredCall, ScriptedAnswer, ScriptedCall, ToldBack } from "./model/script.ts";

/** How telemetry leaves an agent. */
export type Transport = "http/protobuf" | "http/json" | "grpc";

/** Where the agent's telemetry goes, and under which key. */
export interface Target {
  readonly otlp: string;
  readonly grpc: string;
  readonly key: string;
  /** What `custody connect` prints for this agent and these addresses. */
  readonly connect: string;
}

export interface Place {
  readonly home: string;
  readonly workspace: string;
  readonly modelUrl: string;
}

interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that are there before it starts, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** One agent that is really installed and run. */
export interface RealAgent {
  /** Its name in records, and for `custody connect`. */
  readonly name: string;
  /** Its folder under CUSTODY_REAL_AGENTS. */
  readonly folder: string;
  readonly package: string;
  readonly version: string;
  /** Its program inside the package. */
  readonly program: string;
  readonly transports: readonly Transport[];
  launch(place: Place, target: Target, transport: Transport): Launch;
  script(place: Place): readonly ScriptedAnswer[];
  /** Who lets the call through or refuses it, by these settings; nobody is asked in any run. */
  approval(call: ScriptedCall): { readonly verdict: string; readonly by: string };
  /** What the agent told the model of the call, in the words of the API. */
  outcome(told: ToldBack): Pick<CallTruth, "status" | "exit_code">;
  /** What its telemetry holds of a result, by what the model was told: the same text, or what it must contain. Undefined: it sends none. */
  result(call: ScriptedCall, told: ToldBack): string | undefined;
  /** The name under which it reports a call to which the model gave this id. */
  callName(call: AnsweredCall): string;
  /** What its telemetry tells, among what not every agent's does. */
  readonly tells: { readonly release: boolean; readonly reasoning: boolean };
}

export const realAgents: readonly RealAgent[] = [codex, claudeCode, geminiCli];
