import { expect, test } from "vitest";
import {
  type Asked,
  type Clue,
  callsNear,
  clueHits,
  type Hit,
  looseFlowHits,
  sessionRows,
} from "./queries/index.ts";
import { at, hostile, id } from "./scenario.test-suite.ts";
import { day } from "./story.test-suite.ts";

const whole = { from: at(day, 0), to: at(day, 100), around: at(day, 20) };

/** What carries a clue, of the story: written by hand from it. */
const carried: readonly (readonly [Clue, string, readonly string[]])[] = [
  ["domain", "denied.example", ["egress 15 s-1/c3 same_host"]],
  // The flow named no call; the better link gave it to the call that has the host in its arguments.
  ["domain", "paste.example", ["decision 5 s-1/c1 arguments", "egress 16 s-1/c1 same_host"]],
  [
    "domain",
    "example",
    ["decision 5 s-1/c1 arguments", "egress 15 s-1/c3 subdomain", "egress 16 s-1/c1 subdomain"],
  ],
  ["domain", "enied.example", []],
  ["domain", "%.example", []],
  ["domain", hostile, []],
  ["host", "egress-proxy", ["egress 16 s-1/c1 key"]],
  ["host", "denied.example", ["egress 15 s-1/c3 same_host"]],
  ["host", hostile, []],
  ["principal", "usr_alice", ["session 1 s-1/- key"]],
  ["principal", "usr_%", []],
  ["principal", hostile, []],
  [
    "file",
    "https://paste.example/Zanzibar",
    ["decision 5 s-1/c1 path", "observation 9 s-1/c1 file_name"],
  ],
  [
    "file",
    "/elsewhere/Zanzibar",
    ["decision 5 s-1/c1 file_name", "observation 9 s-1/c1 file_name"],
  ],
  ["file", hostile, ["turn 2 s-1/- path"]],
  ["file", "zanzibar", []],
  ["file", `${hostile}%`, []],
];

/** Evidence around a moment, asked of the stored story. */
export function evidenceTests(asked: () => Asked): void {
  test.each(carried)(
    "%s %j is carried by the records that say it, and no other",
    async (clue, value, expected) => {
      const { hits, cut } = await clueHits(asked(), clue, value, whole);
      expect(hits.map(told).sort()).toEqual(expected.toSorted());
      expect(cut).toBeNull();
    },
  );

  test("the nearest record comes first, and nothing outside the window comes at all", async () => {
    const near = await clueHits(asked(), "domain", "paste.example", whole);
    expect(near.hits.map((one) => one.id)).toEqual([id(16), id(5)]);
    const early = { ...whole, to: at(day, 22) };
    const before = await clueHits(asked(), "domain", "paste.example", early);
    expect(before.hits.map((one) => one.id)).toEqual([id(5)]);
    const one = await clueHits(asked(), "domain", "paste.example", whole, 1);
    expect(one).toMatchObject({ cut: 1, hits: [{ id: id(16) }] });
  });

  test("a flow whose source named no call says which link gave it one, and how sure that is", async () => {
    const { hits } = await looseFlowHits(asked(), { host: "paste.example" }, whole);
    expect(hits).toMatchObject([
      {
        id: id(16),
        grade: "observed",
        subject: "egress-proxy",
        host: "paste.example",
        port: 443,
        action: "allowed",
        session: "s-1",
        call: "c1",
        link: { method: "session_and_arguments", confidence: "high" },
      },
    ]);
    expect((await looseFlowHits(asked(), {}, whole)).hits).toEqual(
      hits.map((one) => ({ ...one, clue: "time" })),
    );
    expect((await looseFlowHits(asked(), { host: hostile }, whole)).hits).toEqual([]);
  });

  test("calls and scalars of sessions come by the names of the sessions", async () => {
    const { hits } = await callsNear(asked(), ["s-1", hostile], whole);
    expect(hits.map(({ call }) => call).sort()).toEqual(["c1", "c2", "c3"]);
    const rows = await sessionRows(asked(), ["s-1", hostile]);
    expect(rows).toMatchObject([{ session: "s-1", agent: { name: "codex" }, endReason: "user" }]);
  });
}

function told(hit: Hit): string {
  const place = `${hit.session ?? "-"}/${hit.call ?? "-"}`;
  return `${hit.class} ${Number.parseInt(hit.id, 16)} ${place} ${hit.how}`;
}
