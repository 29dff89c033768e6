import { contextLimits } from "../limits.ts";
import { devcontainerUp } from "./devcontainer.ts";
import { dockerEvents, dockerInspect } from "./docker.ts";
import { e2bEvents, e2bSandboxes } from "./e2b.ts";
import { gvisorStrace } from "./gvisor.ts";
import { kubernetesEvents, kubernetesPods } from "./kubernetes.ts";
import { invalid, type SandboxHints, type SandboxReading, type SandboxSource } from "./reading.ts";

/** Whose words `POST /v1/import/sandbox-runtime` takes, by the name of `?source=`; without it the first that claims an entry by its shape. */
const sources = {
  docker: [dockerEvents, dockerInspect],
  devcontainer: [devcontainerUp, dockerInspect],
  kubernetes: [kubernetesPods, kubernetesEvents],
  e2b: [e2bEvents, e2bSandboxes],
  gvisor: [gvisorStrace],
} as const satisfies Readonly<Record<string, readonly SandboxSource[]>>;

export const sandboxSources = ["docker", "devcontainer", "kubernetes", "e2b", "gvisor"] as const;
export type SandboxSourceName = (typeof sandboxSources)[number];

export interface ReadSandboxes extends SandboxHints {
  readonly source?: SandboxSourceName | undefined;
}

interface Entry {
  readonly line: number;
  readonly json: unknown;
  readonly text: string;
}

/** What each entry of a body says: of a list or one object, which tools print over many lines, or of one object a line. */
export function* readSandboxes(
  body: string,
  { source, ...hints }: ReadSandboxes = {},
): Iterable<{
  readonly line: number;
  readonly source: SandboxSourceName | undefined;
  readonly reading: SandboxReading;
}> {
  for (const { line, json, text } of entriesOf(body)) {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      const reading = invalid(json === undefined ? "not JSON" : "not a JSON object");
      yield { line, source: undefined, reading };
      continue;
    }
    const said = json as Readonly<Record<string, unknown>>;
    const found = claimantOf(said, source);
    const reading =
      found?.reader.read(said, text, hints) ?? invalid("no runtime says it like this");
    yield { line, source: found?.name, reading };
  }
}

function claimantOf(
  json: Readonly<Record<string, unknown>>,
  wanted: SandboxSourceName | undefined,
): { readonly name: SandboxSourceName; readonly reader: SandboxSource } | undefined {
  for (const name of wanted === undefined ? sandboxSources : [wanted]) {
    const reader = sources[name].find((one) => one.claims(json));
    if (reader !== undefined) return { name, reader };
  }
  return undefined;
}

/** `docker inspect` prints a list and `kubectl get -o json` a List: their entries are counted from 1. */
function* entriesOf(body: string): Iterable<Entry> {
  const whole = parsed(body);
  const list = Array.isArray(whole) ? whole : itemsOf(whole);
  if (list !== undefined) {
    for (const [index, json] of list.entries()) {
      yield { line: index + 1, json, text: JSON.stringify(json) };
    }
    return;
  }
  if (whole !== undefined) {
    yield { line: 1, json: whole, text: body };
    return;
  }
  let line = 0;
  for (const text of body.split("\n")) {
    line++;
    if (text.trim() === "") continue;
    const isLong = text.length > contextLimits.sandboxLineUnitsMax;
    yield { line, json: isLong ? undefined : parsed(text), text };
  }
}

function itemsOf(json: unknown): readonly unknown[] | undefined {
  if (typeof json !== "object" || json === null || !("items" in json)) return undefined;
  return Array.isArray(json.items) ? (json.items as readonly unknown[]) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
