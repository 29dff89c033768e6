import type { DriftView } from "@custody/query-api";
import { expect, test } from "vitest";
import { diagnoseDrift } from "./drift.ts";

const at = "2026-11-23T08:00:00.000000000Z";
const row: DriftView = {
  agent: "codex",
  version: "0.170.0",
  kind: "unknown_event",
  name: "codex.tool_outcome",
  count: 12,
  first_at: at,
  last_at: at,
};
const unseen: DriftView = { ...row, kind: "version_unseen", name: null, count: 40 };

const diagnose = (...items: readonly DriftView[]) =>
  diagnoseDrift({ items, total: items.length, cut: false });

test("a renamed event in a new release is a fault that says the release, the name, how many since when and what to do", () => {
  const [said, ...others] = diagnose(row, unseen);
  expect(others).toEqual([]);
  expect(said?.verdict).toBe("fault");
  expect(said?.said).toBe(
    "codex 0.170.0: 12 item(s) of names that Custody does not know since 2026-11-23T08:00:00Z (codex.tool_outcome); 40 item(s) of a release that Custody was not tested with since 2026-11-23T08:00:00Z. What is not understood is kept whole as opaque records, and the facts it held are missing: upgrade Custody, and if it is the newest, report these names (`custody query records --where class=opaque` shows what came)",
  );
});

test("a release that only is new, and a service that is no agent, are notes", () => {
  const said = diagnose(unseen, { ...row, agent: "billing", version: null, kind: "unclaimed" });
  expect(said.map(({ verdict }) => verdict)).toEqual(["note", "note"]);
  expect(said[1]?.said).toMatch(/^billing: 12 item\(s\) that are no agent's words since /);
});

test("where nothing strays that is what it says", () => {
  expect(diagnose()).toEqual([
    { check: "drift", verdict: "ok", said: "nothing strays from what Custody reads" },
  ]);
});

test("many names and many releases are numbers", () => {
  const names = Array.from({ length: 9 }, (_, nth) => ({ ...row, name: `event ${nth}` }));
  expect(diagnose(...names)[0]?.said).toContain(
    "(event 0, event 1, event 2, event 3, event 4, and 4 more)",
  );
  const releases = Array.from({ length: 33 }, (_, nth) => ({ ...row, version: `0.${nth}.0` }));
  const said = diagnose(...releases);
  expect(said.length).toBe(21);
  expect(said.at(-1)?.said).toBe("13 more: GET /v1/drift");
});
