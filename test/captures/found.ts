import type { AnyFact, Body, RecordClass } from "@custody/model";
import type { Named } from "./captured-items.ts";
import type { Truth } from "./truth.ts";

type Of<C extends RecordClass> = Extract<AnyFact, { readonly class: C }>;

/** Counts facts by the rules of the model: each fact once by its key; primary records first, others only where there is no primary one. */
export function foundIn(named: readonly Named[]): Truth {
  const facts = tied(distinct(named));
  const of = <C extends RecordClass>(name: C): readonly Of<C>[] =>
    facts.filter((fact): fact is Of<C> => fact.class === name);
  const inferences = counted(of("inference"), (fact) => fact.body.primary).filter(
    (fact) => fact.body.primary || fact.body.input_tokens !== undefined,
  );
  const total = (name: keyof Body<"inference"> & `${string}_tokens`): number =>
    inferences.reduce((sum, fact) => sum + (fact.body[name] ?? 0), 0);
  const prompts = counted(of("turn"), (fact) => fact.body.event === "start");
  return {
    sessions: conversations(facts),
    turns: turns(prompts),
    inferences: inferences.length,
    tokens: {
      input: total("input_tokens"),
      cached_input: total("cached_input_tokens"),
      output: total("output_tokens"),
      ...(inferences.some((fact) => fact.body.reasoning_tokens !== undefined) ||
      inferences.length === 0
        ? { reasoning: total("reasoning_tokens") }
        : {}),
    },
    tool_calls: refusedBy(of("approval"), calls(of("tool_call"), of("decision"))),
    approvals: approvals(of("approval")),
    egress: of("egress").map(({ body }) => ({
      host: body.host,
      port: body.port,
      action: body.action,
    })),
    sandbox: of("sandbox").flatMap(({ call, body }) =>
      call === undefined || body.outcome === undefined ? [] : [{ call, outcome: body.outcome }],
    ),
    ...(prompts[0] === undefined ? {} : { prompt: prompts[0].body.prompt_state }),
    ...approvalMode(of("session")),
  };
}

/** A start that names its turn counts once a session, however many records tell it; one without a session only where no other tells it. */
function turns(prompts: readonly Of<"turn">[]): number {
  const named = prompts.filter((fact) => !isStandIn(fact));
  const known = new Set(named.map(({ turn }) => turn));
  const rest = prompts.filter((fact) => isStandIn(fact) && !known.has(fact.turn));
  return new Set([...named, ...rest].map(({ session, turn }, at) => `${session}/${turn ?? at}`))
    .size;
}

/**
 * A call that is named by its span (`span:…`) is the one that the span's own record names, where that says more: a permission span names its
 * parent, and the parent its call. Else it is the call of that tool and those arguments that the model chose in the same session, in order.
 */
function tied(facts: readonly AnyFact[]): readonly AnyFact[] {
  const callOf = new Map<string, string>();
  for (const { class: name, span, call } of facts) {
    if (name === "tool_call" && span !== undefined && call !== undefined) {
      callOf.set(`span:${span}`, call);
    }
  }
  // A request to an MCP server is of the call whose span it was made in.
  for (const fact of facts) {
    const outer = isRequest(fact) ? callOf.get(`span:${fact.parent}`) : undefined;
    if (outer !== undefined && fact.call !== undefined) callOf.set(fact.call, outer);
  }
  const named = facts.map((fact) => {
    const call = callOf.get(fact.call ?? "");
    return call === undefined ? fact : { ...fact, call };
  });
  const chosen = choicesOf(named);
  return named.map((fact) => {
    const call = chosen.get(fact.call ?? "");
    return call === undefined ? fact : { ...fact, call };
  });
}

function isRequest(fact: AnyFact): boolean {
  return (
    fact.class === "tool_call" &&
    !fact.body.primary &&
    fact.attrs?.["mcp.method.name"] === "tools/call"
  );
}

const isSpanCall = (call: string | undefined): boolean => call?.startsWith("span:") === true;

/** Of each call that only its span names, the free and earlier choice of the model that it carries out. */
function choicesOf(facts: readonly AnyFact[]): ReadonlyMap<string, string> {
  const executed = new Set(
    facts.flatMap(({ class: name, call }) => (name === "tool_call" ? (call ?? []) : [])),
  );
  const decisions = facts
    .filter((fact): fact is Of<"decision"> => fact.class === "decision")
    .sort((left, right) => ((left.ts ?? "") < (right.ts ?? "") ? -1 : 1));
  const taken = new Set<string | undefined>([undefined, ...executed]);
  const chosen = new Map<string, string>();
  for (const { call, body, session, trace, ts, content } of decisions) {
    if (call === undefined || !isSpanCall(call) || chosen.has(call)) continue;
    const free = decisions.filter(
      (one) =>
        !taken.has(one.call) &&
        one.body.tool === body.tool &&
        // A trace without a name is of the session that its trace names.
        (one.session === session || one.trace === trace) &&
        millis(one.ts) <= millis(ts) + skewMs,
    );
    const text = content?.["arguments"];
    const equal = free.find((one) => text !== undefined && one.content?.["arguments"] === text);
    const blind = free.filter((one) => (text && one.content?.["arguments"]) === undefined);
    const match =
      equal ?? (new Set(blind.map((one) => one.call)).size === 1 ? blind[0] : undefined);
    if (match?.call === undefined) continue;
    chosen.set(call, match.call);
    taken.add(match.call);
  }
  return chosen;
}

/** A streamed answer may end after its first call began. */
const skewMs = 2_000;
const millis = (time: string | undefined): number => Date.parse(time ?? "1970-01-01T00:00:00Z");

/** Primary facts, or whatever there is where a source exports no primary ones. */
function counted<F>(facts: readonly F[], isPrimary: (fact: F) => boolean): readonly F[] {
  const primary = facts.filter(isPrimary);
  return primary.length === 0 ? facts : primary;
}

/** What an agent says of itself before anybody talked to it, its own counts among them. */
const aboutTheAgent: ReadonlySet<RecordClass> = new Set(["session", "sandbox", "integrity"]);

/**
 * A session is a conversation, so something was said or done in it. Claude Code gives a process that takes up an old conversation an id of
 * its own until it has read it, under which it only reports that it started.
 */
function conversations(facts: readonly AnyFact[]): number {
  const active = facts.filter(({ class: name }) => !aboutTheAgent.has(name));
  const names = active.filter((fact) => fact.session !== undefined && !isStandIn(fact));
  const named = new Set(names.map(({ trace }) => trace));
  // A trace that stands for a conversation is no second one where another record of it names the conversation.
  const counted = active.filter((fact) => !isStandIn(fact) || !named.has(fact.trace));
  return new Set(counted.flatMap((fact) => fact.session ?? [])).size;
}

function isStandIn({ attrs }: AnyFact): boolean {
  return attrs?.["session.source"] === "trace";
}

function distinct(named: readonly Named[]): readonly AnyFact[] {
  const seen = new Map<string, AnyFact>();
  for (const [index, { dialect, fact }] of named.entries()) {
    seen.set(JSON.stringify([dialect, fact.class, fact.key ?? index]), fact);
  }
  return [...seen.values()];
}

/** What was carried out or refused; and what a model chose and nobody says any more of, as unknown. */
function calls(
  facts: readonly Of<"tool_call">[],
  decisions: readonly Of<"decision">[],
): Truth["tool_calls"] {
  const byCall = new Map<string, Of<"tool_call">[]>();
  for (const fact of facts) {
    const call = fact.call ?? "";
    byCall.set(call, [...(byCall.get(call) ?? []), fact]);
  }
  const told = [...byCall].map(([call, records]) => {
    const rank = ({ body }: Of<"tool_call">): number =>
      (body.primary ? 2 : 0) + (body.event === "result" ? 1 : 0);
    const best = [...records].sort((left, right) => rank(right) - rank(left))[0];
    const body = best?.body;
    return {
      call,
      tool: body?.tool ?? "",
      status: body?.status === "started" ? "unknown" : (body?.status ?? "unknown"),
      ...(body?.exit_code === undefined ? {} : { exit_code: body.exit_code }),
      ...(body?.mcp_server === undefined ? {} : { mcp_server: body.mcp_server }),
    };
  });
  const only = decisions.flatMap(({ call, body }) =>
    call === undefined || byCall.has(call) ? [] : [{ call, tool: body.tool, status: "unknown" }],
  );
  return [...told, ...only];
}

/** A call that did not run to an end was refused where a verdict says so (contract 5). */
function refusedBy(
  verdicts: readonly Of<"approval">[],
  told: Truth["tool_calls"],
): Truth["tool_calls"] {
  const refused = new Set(
    counted(verdicts, (fact) => fact.body.primary)
      .filter(({ body }) => body.verdict === "deny" || body.verdict === "abort")
      .map(({ call }) => call),
  );
  return told.map((one) =>
    (one.status === "error" || one.status === "unknown") && refused.has(one.call)
      ? { ...one, status: "denied" }
      : one,
  );
}

/** Verdicts on calls: one on a whole run, as guardrails give it, names none. */
function approvals(facts: readonly Of<"approval">[]): Truth["approvals"] {
  const primary = facts.filter((fact) => fact.body.primary && fact.call !== undefined);
  const spoken = new Set(primary.map((fact) => fact.call));
  const rest = facts.filter((fact) => fact.call !== undefined && !spoken.has(fact.call));
  return [...primary, ...rest].map(({ call, body }) => ({
    call: call ?? "",
    verdict: body.verdict,
    by: body.by,
    scope: body.scope,
  }));
}

function approvalMode(facts: readonly Of<"session">[]): { readonly approval_mode?: string } {
  const mode = facts.findLast((fact) => fact.body.approval_mode !== undefined)?.body.approval_mode;
  return mode === undefined ? {} : { approval_mode: mode };
}
