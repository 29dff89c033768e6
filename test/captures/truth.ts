import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** In a table of truths: it happened, and no signal of the capture says so. */
const notExported = "not exported";

export interface CallTruth {
  readonly call: string;
  readonly tool: string;
  readonly status: string;
  readonly exit_code?: number | string;
  readonly mcp_server?: string;
}

interface ApprovalTruth {
  readonly call: string;
  readonly verdict: string;
  readonly by?: string;
  readonly scope?: string;
}

interface EgressTruth {
  readonly host: string;
  readonly port: number;
  readonly action: string;
  /** The call that made the flow. */
  readonly truth_call?: string;
}

/** What one capture holds: the shape of a scenario in `expected.json`, and of what a reader found in it. */
export interface Truth {
  /** The conversation the agent printed itself; a reader's sessions hold it. */
  readonly session?: string;
  readonly sessions: number;
  readonly turns: number;
  readonly inferences: number;
  readonly tokens: Readonly<Record<string, number | string>>;
  readonly tool_calls: readonly CallTruth[];
  readonly approvals: readonly ApprovalTruth[];
  readonly egress?: readonly EgressTruth[];
  readonly sandbox?: readonly { readonly call: string; readonly outcome: string }[];
  readonly prompt?: string;
  readonly approval_mode?: string;
}

export interface Score {
  /** Facts that the table expects and the source exports. */
  readonly expected: number;
  readonly right: number;
  readonly wrong: readonly string[];
  /** Facts found that the table does not hold. */
  readonly invented: readonly string[];
  readonly notExported: number;
}

export function expectedTruths(agent: string): Readonly<Record<string, Truth>> {
  const url = new URL(`../fixtures/captures/${agent}/expected.json`, import.meta.url);
  const table = JSON.parse(readFileSync(fileURLToPath(url), "utf8")) as {
    readonly scenarios: Readonly<Record<string, Truth>>;
  };
  return table.scenarios;
}

/** Compares what a reader found with what happened, fact by fact. */
export function score(truth: Truth, found: Truth): Score {
  const wanted = factsOf(truth);
  const had = factsOf(found);
  const wrong: string[] = [];
  let right = 0;
  let hidden = 0;
  for (const [name, value] of wanted) {
    if (value === notExported) hidden++;
    else if (had.get(name) === value) right++;
    else wrong.push(`${name}: ${String(had.get(name) ?? "nothing")} instead of ${String(value)}`);
  }
  const invented = [...had]
    .filter(([name, value]) => isInvented(name, value, wanted))
    .map(([name, value]) => `${name}: ${String(value)}`);
  return { expected: wanted.size - hidden, right, wrong, invented, notExported: hidden };
}

/**
 * A value the table leaves open is not invented; a definite answer where the table says there is none to give, is. A sum of nothing is no
 * answer, and a scope is the narrowest that the source's words allow, which is true of any wider one.
 */
function isInvented(
  name: string,
  value: string | number,
  wanted: ReadonlyMap<string, string | number>,
): boolean {
  const want = wanted.get(name);
  if (want === notExported) return value !== "unknown" && value !== 0 && !name.endsWith(" scope");
  return (
    want === undefined && !/ (scope|exit_code|mcp_server)$|^(prompt|approval_mode)$/.test(name)
  );
}

/** A truth as named values, so that each is right or wrong alone. */
export function factsOf(truth: Truth): ReadonlyMap<string, string | number> {
  const facts = new Map<string, string | number>();
  const say = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) facts.set(name, value);
  };
  say("sessions", truth.sessions);
  say("turns", truth.turns);
  say("inferences", truth.inferences);
  say("prompt", truth.prompt);
  say("approval_mode", truth.approval_mode);
  for (const [name, value] of Object.entries(truth.tokens)) say(`tokens ${name}`, value);
  for (const call of truth.tool_calls) {
    say(`call ${call.call} tool`, call.tool);
    say(`call ${call.call} status`, call.status);
    say(`call ${call.call} exit_code`, call.exit_code);
    say(`call ${call.call} mcp_server`, call.mcp_server);
  }
  for (const approval of truth.approvals) {
    const verdict =
      approval.by === undefined ? approval.verdict : `${approval.verdict} by ${approval.by}`;
    say(`approval ${approval.call}`, approval.verdict === notExported ? notExported : verdict);
    say(`approval ${approval.call} scope`, approval.scope);
  }
  for (const flow of truth.egress ?? []) say(`egress ${flow.host}:${flow.port}`, flow.action);
  for (const box of truth.sandbox ?? []) say(`sandbox ${box.call}`, box.outcome);
  return facts;
}
