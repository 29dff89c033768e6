import type { Auth, Body, LedgerRecord, PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linkRecord } from "../../../test/support/link-record.ts";
import {
  agentAuth,
  at,
  authorityAuth,
  internalAuth,
  observerAuth,
  placed,
} from "../../../test/support/placed-record.ts";
import {
  type ChangeInput,
  joinApprovals,
  joinCalls,
  joinChanges,
  joinEgress,
  joinSandboxes,
  joinSandboxFlows,
  joinViolations,
  type LinkFact,
  newLinks,
  winningLinkOf,
} from "./index.ts";

// Whatever a join concluded on the way, and in whichever order its records came, the same links count in the end. What a conclusion rests on must be
// counted whole: two conclusions of one basis would leave the choice to their ids.

const worlds = 300;
const dice = fc.infiniteStream(fc.nat());

/** The links that count, without those that never said anything. */
function counting(links: readonly PlacedRecord[]): readonly string[] {
  return [...winningLinkOf(links)]
    .filter(([, { body }]) => body.method !== "undecided")
    .map(([subject, { session, call, body }]) =>
      JSON.stringify([subject, session, call, body.method, body.confidence]),
    )
    .sort();
}

/** Looks after every arrival, writing what is new to say, and once at everything. */
function expectOneEnd<T>(
  arrivals: readonly T[],
  thrown: Iterable<number>,
  look: (known: readonly T[], written: readonly PlacedRecord[]) => readonly LinkFact[],
): void {
  const numbers = thrown[Symbol.iterator]();
  const shuffled = arrivals
    .map((one) => ({ one, place: Number(numbers.next().value) }))
    .sort((left, right) => left.place - right.place)
    .map(({ one }) => one);
  const written: PlacedRecord[] = [];
  for (let count = 1; count <= shuffled.length; count++) {
    const known = [...shuffled.slice(0, count), ...shuffled.slice(0, 1)];
    written.push(...newLinks(look(known, written), winningLinkOf(written)).map(linkRecord));
  }
  expect(counting(written)).toEqual(counting(look(arrivals, written).map(linkRecord)));
}

/** Links of two kinds that earlier joins wrote: which call a span was, which session a flow's sandbox had. */
const move = (record: PlacedRecord, kind: Body<"link">["kind"], basis: number, to: object) =>
  placed(
    "link",
    1,
    { kind, record: record.record.id, method: "arguments", confidence: "high", basis },
    { auth: internalAuth, ...to },
  );

/** A record of no session, and so another one than that of the session. */
const loose = ({ record, sha, ...place }: PlacedRecord): PlacedRecord => {
  const { session: _none, id, ...rest } = record;
  return {
    ...place,
    sha: `f${sha}`,
    record: { ...rest, id: `f${id.slice(1)}f` } as LedgerRecord,
  };
};

const second = fc.integer({ min: 0, max: 12 });
const maybe = <T>(...values: readonly T[]) => fc.constantFrom(undefined, ...values);

/** Records of calls, some of which only their span names, and what those spans turn out to be. */
const calls = fc
  .array(
    fc.record({
      call: fc.constantFrom("c1", "c2", "span:a", "span:b"),
      from: second,
      lasts: maybe(0, 2, 6),
      decided: fc.boolean(),
      host: maybe("a.example", "b.example"),
      digest: fc.constantFrom("d1", "d2"),
      became: maybe("c1", "c2", "c3"),
      again: maybe("c1", "c2"),
      contradicts: fc.boolean(),
    }),
    { maxLength: 5 },
  )
  .map((all) =>
    all.flatMap((one, index) => {
      const { call, from, lasts, decided, host, digest } = one;
      const facts = {
        tool: "exec_command",
        kind: "exec",
        arguments_state: "reported",
        action_digest: digest,
        hosts: host ? [host] : [],
        classifier: "risk/1",
      } as const;
      const span = String(index);
      const said = decided
        ? placed("decision", from, facts, { call, span })
        : placed(
            "tool_call",
            from + (lasts ?? 0),
            {
              ...facts,
              event: lasts === undefined ? "start" : "result",
              status: lasts === undefined ? "started" : "executed",
              primary: true,
              exec_start: at(from),
            },
            { call, span },
          );
      const other = { ...said, sha: `0${said.sha}`, record: later(said.record) };
      const moves = [one.became, one.again].flatMap((name, basis) =>
        name === undefined || !call.startsWith("span:")
          ? []
          : [move(said, "span_call", basis + 1, { call: name })],
      );
      return [said, ...(one.contradicts ? [other] : []), ...moves];
    }),
  );

/** Another account under the same id. */
function later(record: LedgerRecord): LedgerRecord {
  return { ...record, ts: at(11), body: { ...record.body, hosts: ["b.example"] } } as LedgerRecord;
}

test("of what happened in a sandbox the same call counts in the end", () => {
  fc.assert(
    fc.property(
      calls,
      fc.array(second, { minLength: 1, maxLength: 2 }),
      dice,
      (told, times, on) => {
        const violations = times.map((time) =>
          placed(
            "sandbox",
            time,
            { event: "violation", sandbox: "b", attested_by: "runtime" },
            { auth: observerAuth },
          ),
        );
        expectOneEnd([...told, ...violations], on, (records) =>
          joinViolations({ session: "s1", violations: records, records }),
        );
      },
    ),
    { numRuns: worlds },
  );
});

const sensor: Auth = { method: "bearer", kind: "observer", subject: "tetragon" };
const flows = fc
  .array(
    fc.record({
      time: second,
      host: fc.constantFrom("a.example", "b.example", "c.example"),
      client: maybe("127.0.0.1:1", "127.0.0.1:2"),
      process: maybe("p1", "p2"),
      teller: fc.constantFrom(agentAuth, observerAuth, sensor),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ time, host, client, process, teller }) => {
      return placed(
        "egress",
        time,
        {
          host,
          port: 443,
          protocol: "https",
          action: "allowed",
          via: teller === sensor ? "sandbox_net" : "proxy",
          ...(client && { client }),
          ...(process && { process, process_start: at(process === "p1" ? 1 : 4) }),
        },
        { auth: teller },
      );
    }),
  );

/** Another account under the same id, by so many seconds later and before or after the first one in the order of hashes. */
const contradicting = (one: PlacedRecord, by: number, prefix: string): PlacedRecord => ({
  ...one,
  sha: `${prefix}${one.sha}`,
  record: { ...one.record, ts: at(by) } as LedgerRecord,
});
const exec = (name: string, second: number): PlacedRecord =>
  placed(
    "tool_call",
    second,
    {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: "executed",
      arguments_state: "reported",
      primary: true,
      hosts: ["a.example"],
      classifier: "risk/1",
    },
    { call: name },
  );
const proxied = (second: number, over: Partial<Body<"egress">> = {}): PlacedRecord =>
  placed(
    "egress",
    second,
    { host: "a.example", port: 443, protocol: "https", action: "allowed", via: "proxy", ...over },
    { auth: observerAuth },
  );
/** Accounts of the smaller and of the larger hash, which are kept and which are not. */
const hashes = ["0", "g"];
const far = 2_000;

function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length === 0) return [[]];
  return all.flatMap((one, at) =>
    permutations([...all.slice(0, at), ...all.slice(at + 1)]).map((rest) => [one, ...rest]),
  );
}

/** Every order of arrival, looked at after each, ends where one look at everything does. */
function expectOneEndInAnyOrder(all: readonly PlacedRecord[], join: typeof joinAll): void {
  for (const arrivals of permutations(all)) {
    expectOneEnd(arrivals, arrivals.keys(), join);
  }
}
const joinAll = (records: readonly PlacedRecord[]): readonly LinkFact[] =>
  joinEgress({ egress: records, calls: records });

test("of a flow and a call that tells of a time out of its reach as well, the same counts in every order of arrival", () => {
  for (const hash of hashes) {
    const call = exec("c1", 1);
    expectOneEndInAnyOrder([call, contradicting(call, far, hash), proxied(1)], joinAll);
    // Beside another call that is near by every account.
    expectOneEndInAnyOrder(
      [call, contradicting(call, far, hash), exec("c2", 1), proxied(1)],
      joinAll,
    );
  }
});

test("of a flow that tells of a time out of reach of its call as well, the same counts in every order of arrival", () => {
  for (const hash of hashes) {
    const seen = proxied(1);
    expectOneEndInAnyOrder([exec("c1", 1), seen, contradicting(seen, far, hash)], joinAll);
  }
});

test("of a flow beside another that tells of a time out of reach as well, or of another execution, the same counts in every order of arrival", () => {
  for (const hash of hashes) {
    const call = exec("c1", 1);
    const inIt = proxied(1);
    expectOneEndInAnyOrder([call, inIt, contradicting(inIt, far, hash), proxied(2)], joinAll);
    const [first, second] = [proxied(1, { execution: "e" }), proxied(300, { execution: "e" })];
    expectOneEndInAnyOrder([call, first, contradicting(first, far, hash), second], joinAll);
    const { execution: _, ...untied } = second.record.body as Body<"egress">;
    const alone = { ...second.record, body: untied } as LedgerRecord;
    const other = { ...second, sha: `${hash}${second.sha}`, record: alone };
    expectOneEndInAnyOrder([call, first, second, other], joinAll);
  }
});

test("of what happened in a sandbox and a call, either of which tells of a time out of reach as well, the same counts in every order of arrival", () => {
  const look = (records: readonly PlacedRecord[]) =>
    joinViolations({ session: "s1", violations: records, records });
  for (const hash of hashes) {
    const call = exec("c1", 1);
    const body = { event: "violation", sandbox: "b", attested_by: "runtime" } as const;
    const violation = placed("sandbox", 1, body, { auth: observerAuth });
    expectOneEndInAnyOrder([call, contradicting(call, far, hash), violation], look);
    expectOneEndInAnyOrder([call, violation, contradicting(violation, far, hash)], look);
  }
});

test("of a flow the same call counts in the end", () => {
  fc.assert(
    fc.property(calls, flows, dice, (told, seen, on) => {
      expectOneEnd([...told, ...seen], on, (records) =>
        joinEgress({
          egress: records,
          calls: records,
          links: records.filter(({ record }) => record.class === "link"),
        }),
      );
    }),
    { numRuns: worlds },
  );
});

const verdicts = fc
  .array(
    fc.record({
      time: second,
      verdict: fc.constantFrom("allow", "deny"),
      scope: fc.constantFrom("once", "standing"),
      session: maybe("s1"),
      digest: fc.constantFrom("d1", "d2"),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) =>
    all.map(({ time, verdict, scope, session, digest }) => {
      const body = {
        verdict,
        scope,
        by: "human",
        raw: "chat",
        primary: true,
        action_digest: digest,
      } as const;
      const said = placed("approval", time, body, { auth: authorityAuth });
      return session === undefined ? loose(said) : said;
    }),
  );

test("of a verdict on an action the same executions count in the end", () => {
  fc.assert(
    fc.property(calls, verdicts, dice, (told, said, on) => {
      expectOneEnd([...told, ...said], on, (records, written) =>
        joinApprovals({ records: [...records, ...written] }),
      );
    }),
    { numRuns: worlds },
  );
});

const addresses = ["172.17.0.2", "172.17.0.3"];
const attestations = fc
  .array(
    fc.record({
      time: second,
      sandbox: fc.constantFrom("one", "two", "three"),
      event: fc.constantFrom("start", "start", "stop", "change", "violation"),
      address: maybe(...addresses),
      session: maybe("s1", "s2"),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) =>
    all.map(({ time, sandbox, event, address, session }) => {
      const body = {
        event,
        sandbox,
        attested_by: "runtime",
        ...(address && { addresses: [address] }),
      } as const;
      const said = placed("sandbox", time, body, {
        auth: observerAuth,
        ...(session && { session }),
      });
      return session === undefined ? loose(said) : said;
    }),
  );
const sandboxFlows = fc
  .array(
    fc.record({
      time: second,
      sandbox: maybe("one", "two", "three"),
      client: maybe(...addresses),
      session: maybe("s1", "s2"),
      header: maybe("s1", "s2"),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ time, sandbox, client, session, header }) => {
      const body = {
        host: "a.example",
        port: 443,
        protocol: "https",
        action: "allowed",
        via: "proxy",
        ...(sandbox && { sandbox }),
        ...(client && { client: `${client}:1` }),
      } as const;
      const attrs = header === undefined ? {} : { attrs: { "proxy.session_header": header } };
      const over = { auth: observerAuth, ...attrs, ...(session && { session }) };
      const seen = placed("egress", time, body, over);
      return session === undefined ? loose(seen) : seen;
    }),
  );

test("of a sandbox the same sessions count in the end, and of what came out of it the same session", () => {
  fc.assert(
    fc.property(attestations, sandboxFlows, dice, (told, seen, on) => {
      expectOneEnd([...told, ...seen], on, (records) => {
        const owners = joinSandboxes({ records });
        return [...owners, ...joinSandboxFlows({ sandboxes: records, flows: records, owners })];
      });
    }),
    { numRuns: worlds },
  );
});

const [head, merge] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const changes = fc
  .array(
    fc.record({
      commit: fc.constantFrom(head, merge),
      time: second,
      committed: fc.boolean(),
      trailer: maybe("s1", "s2"),
      trace: maybe("s1", "s2"),
      reviewed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) =>
    all.map(({ commit, time, committed, trailer, trace, reviewed }): Partial<ChangeInput> => {
      const body = {
        event: "commit",
        repo: "acme/shop",
        commit,
        ...(committed && { committed_ts: at(5) }),
        ...(trailer && { trailer_sessions: [trailer] }),
        ...(trace && { trace_sessions: [trace] }),
        ...(reviewed && commit === merge && { pr: "7", pr_head: head }),
      } as const;
      return { changes: [loose(placed("change", time * 100, body, { auth: observerAuth }))] };
    }),
  );
const commands = fc
  .array(
    fc.record({
      session: fc.constantFrom("s1", "s2"),
      call: fc.constantFrom("c1", "span:a"),
      time: second,
      command: maybe("git commit -m x", "git status"),
      output: maybe(head, merge),
      begins: fc.boolean(),
      became: maybe("c1", "c2"),
      again: maybe("c1", "c2"),
    }),
    { maxLength: 4 },
  )
  .map((all) =>
    all.flatMap((one, index): readonly Partial<ChangeInput>[] => {
      const { session, call, time, begins } = one;
      const body = {
        event: begins ? "start" : "result",
        tool: "git",
        kind: "vcs",
        status: begins ? "started" : "executed",
        arguments_state: "reported",
        primary: true,
        ...(begins ? {} : { exec_start: at(Math.max(0, time - 3)) }),
      } as const;
      const said = placed("tool_call", time, body, { call, session, span: String(index) });
      const opened = (path: string, text: string | undefined) =>
        text === undefined ? [] : [{ record: said.record.id, path, text }];
      const texts = [
        ...opened("arguments", one.command && JSON.stringify({ command: one.command })),
        ...opened("output", one.output && `[main ${one.output.slice(0, 7)}] Fix`),
      ];
      const moved = [one.became, one.again].flatMap((name, basis) =>
        name === undefined || call === "c1"
          ? []
          : [{ records: [move(said, "span_call", basis + 1, { call: name, session })] }],
      );
      return [{ records: [said], texts }, ...moved];
    }),
  );
/** What is known of a session only grows: who told its calls, when, and where it worked. */
const sessions = fc.array(
  fc.record({
    session: fc.constantFrom("s1", "s2"),
    repo: fc.boolean(),
    to: second,
    teller: fc.constantFrom("laptop-1", "laptop-1", "laptop-2"),
  }),
  { maxLength: 4 },
);
type Heard = { session: string; repo: boolean; to: number; teller: string };

function factsOf(heard: readonly Heard[]): ChangeInput["sessions"] {
  return ["s1", "s2"].flatMap((session) => {
    const own = heard.filter((one) => one.session === session);
    if (own.length === 0) return [];
    const isHeard = own.some((one) => one.repo);
    return [
      {
        session,
        // A session has one repository, which may be heard of late.
        repo: isHeard ? (session === "s1" ? "acme/shop" : "acme/other") : null,
        from: at(0),
        to: at(Math.max(...own.map(({ to }) => to))),
        tellers: [...new Set(own.map(({ teller }) => teller))],
      },
    ];
  });
}

test("of a commit, and of what a pull request made of it, the same session counts in the end", () => {
  type Arrival = Partial<ChangeInput> & { readonly heard?: Heard };
  fc.assert(
    fc.property(changes, commands, sessions, dice, (seen, told, facts, on) => {
      const arrivals: readonly Arrival[] = [...seen, ...told, ...facts.map((heard) => ({ heard }))];
      expectOneEnd(arrivals, on, (known) =>
        joinChanges({
          changes: known.flatMap((one) => one.changes ?? []),
          records: known.flatMap((one) => one.records ?? []),
          texts: known.flatMap((one) => one.texts ?? []),
          sessions: factsOf(known.flatMap(({ heard }) => heard ?? [])),
        }),
      );
    }),
    { numRuns: worlds },
  );
});

const otherAgent: Auth = { method: "bearer", kind: "agent", subject: "laptop-2" };
/** What models chose, and what several accounts tell of the spans that carried it out. */
const choices = fc
  .array(
    fc.record({
      isSpan: fc.boolean(),
      name: fc.constantFrom("a", "b"),
      time: second,
      began: second,
      tool: fc.constantFrom("exec", "exec", "exec", "read"),
      digest: maybe("d1", "d2", "d1"),
      says: fc.constantFrom("call", "call", "decision", "verdict"),
      shows: maybe("a", "b"),
      contradicts: fc.boolean(),
      teller: fc.constantFrom(agentAuth, agentAuth, agentAuth, otherAgent, authorityAuth),
    }),
    { maxLength: 6 },
  )
  .map((all) =>
    all.flatMap((one, index) => {
      const { isSpan, name, time, began, tool, digest, says, contradicts, teller: auth } = one;
      const facts = {
        tool,
        kind: "exec",
        arguments_state: digest === undefined ? "withheld" : "reported",
        ...(digest && { action_digest: digest }),
      } as const;
      const attrs = { account: String(index) };
      const call = isSpan ? `span:${name}` : name;
      const over = { auth, attrs, call, ...(isSpan && { span: name }) };
      const carriedOut = {
        ...facts,
        event: "result",
        status: "executed",
        primary: true,
        exec_start: at(began),
      } as const;
      const verdict = { verdict: "allow", scope: "once", by: "human", raw: "yes", primary: true };
      const shown =
        one.shows === undefined || says !== "call"
          ? []
          : [placed("tool_call", time, carriedOut, { ...over, call: one.shows, span: name })];
      const said = {
        call: () => placed("tool_call", time, carriedOut, over),
        decision: () => placed("decision", time, facts, over),
        verdict: () => placed("approval", time, verdict as Body<"approval">, over),
      }[isSpan ? says : "decision"]();
      const other = { ...said, sha: `0${said.sha}`, record: later(said.record) };
      return [said, ...shown, ...(contradicts ? [other] : [])];
    }),
  );

test("of a call that only its span names the same name counts in the end", () => {
  fc.assert(
    fc.property(choices, dice, (told, on) => {
      expectOneEnd(told, on, (records, written) =>
        joinCalls({ session: "s1", records: [...records, ...written] }),
      );
    }),
    { numRuns: worlds },
  );
});
