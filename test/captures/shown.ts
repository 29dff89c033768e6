import type { AnyFact, FactState, RecordClass, SourceFact } from "@custody/model";

type Of<C extends RecordClass> = Extract<AnyFact, { readonly class: C }>;

/** What a capture shows of one fact: each occasion for it, and how the source treated that. */
export type Shown = readonly FactState[];

/**
 * What it means that telemetry shows a fact: per column of the README's table, one state an occasion (a conversation, a prompt, a call,
 * a model's answer). Occasions that come without a word of theirs, like the sandbox of a session, are `unknown` while nobody speaks.
 */
export const shows: Readonly<Record<SourceFact, (facts: readonly AnyFact[]) => Shown>> = {
  session: conversations,
  turn: (facts) => states(facts.some((fact) => fact.class === "turn" || fact.turn !== undefined)),
  prompt: (facts) =>
    of(facts, "turn").flatMap(({ body }) => (body.event === "start" ? [body.prompt_state] : [])),
  // What somebody concluded was not told.
  decision: (facts) =>
    perCall(facts, isCall, (own) =>
      states(of(own, "decision").some(({ inferred }) => inferred !== true)),
    ),
  approval: (facts) =>
    perCall(facts, isGated, (own) =>
      states(of(own, "approval").some(({ inferred }) => inferred !== true)),
    ),
  tool_call: (facts) => madeCalls(facts),
  arguments: (facts) =>
    perCall(facts, isCall, (own) =>
      [...of(own, "decision"), ...of(own, "tool_call")].map(({ body }) => body.arguments_state),
    ),
  result: (facts) =>
    perCall(facts, hasRun, (own) => of(own, "observation").map(({ body }) => body.state)),
  exit_code: (facts) =>
    perCall(facts, isCommand, (own) =>
      states(of(own, "tool_call").some(({ body }) => body.exit_code !== undefined)),
    ),
  sandbox: (facts) =>
    states(
      of(facts, "sandbox").length > 0 ||
        of(facts, "session").some(({ body }) => body.sandbox_mode !== undefined),
    ),
  egress: (facts) => states(of(facts, "egress").length > 0),
  tokens: (facts) =>
    of(facts, "inference")
      .filter(({ body }) => body.primary && body.status === "ok")
      .map(({ body }) =>
        body.input_tokens === undefined && body.output_tokens === undefined
          ? "missing"
          : "reported",
      ),
  identity: (facts) =>
    states(
      facts.some(({ claimed }) => Object.keys(claimed ?? {}).some((name) => person.test(name))),
    ),
};

/** Claims of a payload that name somebody, rather than a machine or a company. */
const person = /user|email|principal|account|person|owner/;

function of<C extends RecordClass>(facts: readonly AnyFact[], name: C): readonly Of<C>[] {
  return facts.filter((fact): fact is Of<C> => fact.class === name);
}

const states = (told: boolean): Shown => [told ? "reported" : "unknown"];

/** What is said of the agent alone, before anybody talked to it, is no conversation yet. */
function isConversation({ class: name }: AnyFact): boolean {
  return name === "turn" || name === "inference" || name === "tool_call";
}

function isCall(own: readonly AnyFact[]): boolean {
  return of(own, "tool_call").length + of(own, "decision").length > 0;
}

function hasRun(own: readonly AnyFact[]): boolean {
  return of(own, "tool_call").some(
    ({ body }) => body.event === "result" && body.status === "executed",
  );
}

function isCommand(own: readonly AnyFact[]): boolean {
  return hasRun(own) && of(own, "tool_call").some(({ body }) => body.kind === "exec");
}

/** A trace that stands in for a conversation names none; one that another record of the trace names holds for all of it. */
function conversations(facts: readonly AnyFact[]): Shown {
  const isNamed = ({ session, attrs }: AnyFact): boolean =>
    session !== undefined && attrs?.["session.source"] !== "trace";
  const traces = new Set(facts.filter(isNamed).map(({ trace }) => trace));
  traces.delete(undefined);
  return facts
    .filter(isConversation)
    .map((fact) => (isNamed(fact) || traces.has(fact.trace) ? "reported" : "unknown"));
}

/** Only what somebody decided about, or what changes something, waits for a verdict. */
function isGated(own: readonly AnyFact[]): boolean {
  return (
    of(own, "approval").length > 0 ||
    of(own, "tool_call").some(({ body }) => body.kind === "exec" || body.kind === "fs")
  );
}

/**
 * A choice of the model that no call names was not made, or not told; a call that its span alone names is one of the choices, tied to it by a
 * job later.
 */
function madeCalls(facts: readonly AnyFact[]): Shown {
  const calls = perCall(facts, isCall, (own) => states(of(own, "tool_call").length > 0));
  const told = calls.filter((state) => state === "reported");
  const spans = new Set(facts.map(({ call }) => call).filter((call) => call?.startsWith("span:")));
  return [...told, ...calls.filter((state) => state !== "reported").slice(spans.size)];
}

/** One state a call: what any of its facts tells is told. */
function perCall(
  facts: readonly AnyFact[],
  due: (own: readonly AnyFact[]) => boolean,
  treated: (own: readonly AnyFact[]) => Shown,
): Shown {
  const groups = new Map<string, AnyFact[]>();
  for (const fact of facts) {
    if (fact.call === undefined) continue;
    const key = JSON.stringify([fact.session, fact.call]);
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()].filter(due).map((own) => best(treated(own)));
}

function best(all: Shown): FactState {
  const order = ["reported", "withheld", "missing"] as const;
  return order.find((state) => all.includes(state)) ?? "unknown";
}
