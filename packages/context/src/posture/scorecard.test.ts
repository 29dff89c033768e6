import type { PlacedRecord } from "@custody/model";
import { expect, test } from "vitest";
import { shippedTiers } from "../shipped-policies.ts";
import type { CallGroup, FlowGroup, SessionGroup, SourceGroup, WindowFacts } from "./facts.ts";
import type { IndicatorView, Scorecard } from "./scorecard.ts";
import { scorecardOf } from "./scorecard.ts";

const at = (day: number): string => `2026-11-${String(day).padStart(2, "0")}T00:00:00.000000000Z`;
const digest = "a".repeat(64);

const session = (over: Partial<SessionGroup> = {}): SessionGroup => ({
  agent: "codex",
  holder: "laptop-1",
  keyed: true,
  repo: "",
  ending: "ended",
  bypass: false,
  digests: [digest],
  escapes: "disabled",
  image: "none",
  confined: true,
  reaching: true,
  watched: true,
  count: 100,
  examples: ["s-1"],
  ...over,
});

const call = (over: Partial<CallGroup> = {}): CallGroup => ({
  span: 0,
  tool: "bash",
  kind: "exec",
  risk: ["network"],
  hosts: [],
  classified: true,
  executed: true,
  refused: false,
  allows: ["human/once/observed/other"],
  count: 100,
  examples: ["s-1/c1"],
  ...over,
});

const flow = (over: Partial<FlowGroup> = {}): FlowGroup => ({
  span: 0,
  host: "api.example.com",
  port: 443,
  action: "allowed",
  tied: "explained",
  told: true,
  count: 100,
  examples: ["f-1"],
  ...over,
});

const source = (over: Partial<SourceGroup> = {}): SourceGroup => ({
  kind: "agent",
  subject: "laptop-1",
  agent: "codex",
  version: "1",
  firstAt: at(8),
  lastAt: at(9),
  records: 1_000,
  sessions: 100,
  opaque: 0,
  misdated: 0,
  numbered: 0,
  offsetMs: 0,
  ...over,
});

/** A policy that two people proposed and approved on the first. */
function policy(kind: string, document: object): readonly PlacedRecord[] {
  const record = (event: string, subject: string) => ({
    record: {
      class: "policy",
      id: `${kind}-${event}`,
      ts: at(1),
      rx: at(1),
      src: { id: subject, epoch: "", auth: { method: "bearer", kind: "authority", subject } },
      body: {
        event,
        kind,
        name: "default",
        version: 1,
        digest: kind,
        author: "ada",
        ...(event === "proposed" ? { document } : { approver: subject }),
      },
    },
  });
  return [record("proposed", "ada"), record("approved", "bob")] as unknown as PlacedRecord[];
}

const list = { default: "deny", rules: [{ id: "api", host: "api.example.com", ports: [443] }] };
const profiles = { profiles: [{ name: "box", config_digest: digest }] };
const policies = [...policy("egress", list), ...policy("sandbox", profiles)];

/** A window in which everything is as it should be. */
const good: WindowFacts = {
  from: at(8),
  to: at(9),
  sessions: [session()],
  calls: [call()],
  flows: [flow(), flow({ action: "denied", host: "other.example", count: 1 })],
  world: [{ what: "sandbox", tied: true, count: 100, examples: ["box-1"] }],
  sources: [source()],
  approvals: {
    decided: 100,
    denied: 5,
    timed: 100,
    median_ms: 4_000,
    hasty: 1,
    observed: 100,
    grants: 0,
    stale_grants: 0,
  },
  ground: {
    keyed: 1_000,
    keyless: 0,
    observed: 300,
    decided: 100,
    opaque: 0,
    misdated: 0,
    told: 1_400,
    verifiedAt: at(9),
    anchors: 0,
    proxies: 1,
    runtimes: 1,
  },
  gaps: [],
  droppedBySources: 0,
  downtimeMs: 0,
  expected: [{ kind: "agent", id: "codex", device: "laptop-1" }],
  policies,
  edges: [],
  cut: false,
};

const of = (over: Partial<WindowFacts>): Scorecard => scorecardOf({ ...good, ...over }, good);
function indicator(card: Scorecard, id: string): IndicatorView {
  const found = card.layers.flatMap(({ indicators }) => indicators).find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}
const vector = (card: Scorecard): readonly number[] => card.layers.map(({ level }) => level);

test("a window in which everything is attested, approved, explained and expected is at 3, and an anchor is missing for 4", () => {
  const card = of({});
  expect(vector(card)).toEqual([3, 3, 3, 3]);
  expect(card.overall).toMatchObject({ level: 3, coverage: { heard: 1, expected: 1, share: 1 } });
  for (const layer of card.layers) {
    expect(layer.capped_by).toMatchObject([{ level: 3 }]);
    expect(layer.next?.level).toBe(4);
  }
});

test("without anybody who names who should report, and no runtime, the same window is at 2 wherever agents alone are counted", () => {
  const card = of({ expected: undefined, ground: { ...good.ground, runtimes: 0 } });
  expect(card.overall.coverage).toBe("unknown");
  for (const id of [
    "sbx.attested",
    "apr.valid",
    "apr.bypass",
    "net.behind",
    "tel.reporting",
    "tel.gaps",
  ]) {
    expect(indicator(card, id)).toMatchObject({
      level: 2,
      numbers: { denominator_source: "telemetry" },
      capped_by: [{ level: 2 }],
    });
  }
  expect(vector(card)).toEqual([2, 2, 2, 2]);
});

test("who is silent counts as a session without proof, and holds what agents say at 2", () => {
  const expected = Array.from({ length: 10 }, (_, number) => ({
    kind: "device" as const,
    id: `laptop-${number + 1}`,
  }));
  const card = of({ expected });
  expect(card.overall.coverage).toEqual({ heard: 1, expected: 10, share: 0.1 });
  expect(indicator(card, "sbx.attested").numbers).toEqual({
    numerator: 100,
    denominator: 109,
    denominator_source: "expected",
  });
  expect(indicator(card, "tel.reporting")).toMatchObject({ level: 1 });
  expect(indicator(card, "apr.valid")).toMatchObject({
    level: 2,
    numbers: { denominator_source: "telemetry" },
  });
});

test("one record without a key, or a window in which nobody but agents spoke, holds every layer at 1", () => {
  for (const ground of [
    { ...good.ground, keyless: 1 },
    { ...good.ground, observed: 0, decided: 0 },
  ]) {
    const card = of({ ground });
    expect(card.account.shared).toBe("assumed");
    expect(vector(card)).toEqual([1, 1, 1, 1]);
    for (const layer of card.layers) expect(layer.next?.do).toContain("custody keys create");
  }
});

test("a layer is at its worst indicator: nothing is averaged", () => {
  const flows = [
    flow(),
    flow({ tied: "none", host: "exfil.example", count: 1, examples: ["f-2"] }),
  ];
  const card = of({ flows });
  // 100 of 101 explained is more than 19 in 20, but of one nobody knows anything; and it does not stand in the list.
  expect(indicator(card, "net.explained")).toMatchObject({ level: 2, examples: ["f-2"] });
  expect(indicator(card, "net.listed")).toMatchObject({
    level: 2,
    numbers: { numerator: 100, denominator: 101 },
  });
  expect(card.flows).toMatchObject({ all: 101, explained: 100, weak: 0, none: 1, listed: 100 });
  expect(card.layers[2]).toMatchObject({ level: 2, limiting: "net.deny" });
});

test("a tier has the actions that its policy gives it, beside those of the shipped default", () => {
  const loose = {
    rules: shippedTiers.rules.filter(({ label }) => label !== "risk:network"),
    default: 1,
  };
  const calls = [
    call({ count: 30 }),
    call({ count: 20, allows: ["policy/once/reported/self"] }),
    call({ count: 10, allows: [], risk: ["destructive"] }),
    call({ count: 5, executed: false, refused: true }),
  ];
  const card = of({ calls, policies: [...policies, ...policy("tiers", loose)] });
  const actions = (tiers: Scorecard["tiers"]["used"]) => tiers.map((tier) => tier.actions);
  expect(actions(card.tiers.used)).toEqual([0, 55, 0, 10]);
  expect(actions(card.tiers.shipped)).toEqual([0, 0, 55, 10]);
  expect(card.tiers.loosened).toBe(55);
  const shippedT2 = card.tiers.shipped[2];
  expect(shippedT2).toMatchObject({ executed: 50, refused: 5, approved: 30, observed: 30 });
  expect(shippedT2?.by).toMatchObject({ human_once: 30, policy: 20, no_record: 0 });
  expect(card.tiers.used[3]).toMatchObject({ executed: 10, approved: 0, examples: ["s-1/c1"] });
  expect(indicator(card, "apr.valid")).toMatchObject({
    level: 0,
    numbers: { numerator: 0, denominator: 10 },
  });
});

test("a model's yes decides nothing, and four eyes are two people", () => {
  const model = call({ allows: ["auto_reviewer/once/reported/self"] });
  expect(indicator(of({ calls: [model] }), "apr.decided").level).toBe(0);
  const own = call({ risk: ["destructive"], allows: ["human/once/observed/self"] });
  expect(indicator(of({ calls: [own] }), "apr.valid").level).toBe(0);
  const two = call({ risk: ["destructive"], allows: ["human/once/observed/other"] });
  expect(indicator(of({ calls: [two] }), "apr.valid").level).toBe(3);
});

test("decisions faster than anybody reads hold approvals down, and fewer than twenty say nothing", () => {
  const fast = { ...good.approvals, median_ms: 200, hasty: 90 };
  expect(indicator(of({ approvals: fast }), "apr.pace").level).toBe(1);
  const few = { ...good.approvals, timed: 19, median_ms: 200, hasty: 19 };
  expect(indicator(of({ approvals: few }), "apr.pace")).toMatchObject({
    level: null,
    numbers: null,
  });
});

test("an open gap is worth what it leaves out, and a closed one nothing", () => {
  const gap = {
    kind: "sequence",
    source: "laptop-1/s-1",
    subject: "laptop-1",
    said_source: "s-1",
    epoch: "",
    said_epoch: "",
    from: "3",
    to: "12",
    cause: "unknown_vendor",
    seen_at: at(8),
    basis: 20,
  } as const;
  const open = indicator(of({ gaps: [{ ...gap, status: "open" }] }), "tel.gaps");
  expect(open).toMatchObject({ level: 1, numbers: { numerator: 1_000, denominator: 1_010 } });
  expect(indicator(of({ gaps: [{ ...gap, status: "closed" }] }), "tel.gaps").level).toBe(3);
});

test("the trend is held against the window before", () => {
  const worse = {
    ...good,
    flows: [],
    ground: { ...good.ground, proxies: 0 },
    sessions: [session({ watched: false })],
  };
  const card = scorecardOf(good, worse);
  expect(card.layers[2]?.trend).toEqual({ previous: 1, change: 2 });
  expect(card.layers[3]?.trend).toEqual({ previous: 3, change: 0 });
});

test("the groups' order makes no difference", () => {
  const calls = [
    call({ count: 3 }),
    call({ count: 2, allows: [] }),
    call({ span: 0, kind: "fs", risk: ["read_only"] }),
  ];
  const sessions = [session({ count: 1 }), session({ bypass: true, count: 2, examples: ["s-2"] })];
  expect(of({ calls: calls.toReversed(), sessions: sessions.toReversed() })).toEqual(
    of({ calls, sessions }),
  );
});
