import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the captures are: one folder an agent, in it one folder a scenario. */
export const capturesFolder: string = fileURLToPath(
  new URL("../fixtures/captures", import.meta.url),
);

/** A folder of captures whose truth was written down. */
export type CapturedAgent = string;

export const capturedAgents: readonly CapturedAgent[] = readdirSync(capturesFolder)
  .filter((agent) => existsSync(`${capturesFolder}/${agent}/expected.json`))
  .sort();

/** The head of an `expected.json`. */
interface Written {
  /** `agent.name` of its records; absent for a library: an application that uses it is the agent, under a name of its own. */
  readonly agent_name?: string;
  /** Present where no signal names the agent's release. */
  readonly agent_version?: "not exported";
  /** A conversation that every capture of the folder names alike. */
  readonly shared_session?: string;
  /** Names of items that the application around the agent sent of itself: nobody's words, rightly kept as opaque. */
  readonly foreign?: readonly string[];
}

export function writtenOf(agent: CapturedAgent): Written {
  return JSON.parse(readFileSync(`${capturesFolder}/${agent}/expected.json`, "utf8")) as Written;
}

export function capturedScenarios(agent: CapturedAgent): readonly string[] {
  return readdirSync(`${capturesFolder}/${agent}`)
    .filter((name) => existsSync(`${capturesFolder}/${agent}/${name}/requests.json`))
    .sort();
}
