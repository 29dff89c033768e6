import { describe, expect, test } from "vitest";
import { found, type Replay } from "../../../test/detections/replay.ts";
import { placed } from "../../../test/support/placed-record.ts";

/** A page comes in at second 10, as the answer to call `c1`. */
function page(second: number, over: object = {}) {
  const body = { state: "reported", trust: "web", ...over } as const;
  return placed("observation", second, body, { call: "c1" });
}

function prompt(second: number) {
  return placed("turn", second, { event: "start", prompt_state: "reported" });
}

const fetched = { call: "c1", from: 8, body: { tool: "WebFetch", kind: "net" } } as const;
const reaches = { body: { hosts: ["evil.example"] } } as const;

function after(second: number, more: object, records: Replay["records"] = [page(10)]) {
  return { records, calls: [fetched, { call: "c2", from: second, ...more }] } as Replay;
}

describe("D-INJ-01", () => {
  test("fires for a new host, a changed configuration and a first tool of weight, soon after foreign text", () => {
    expect(found("D-INJ-01", after(20, reaches))).toEqual(["host high c2"]);
    const paths = [{ path: "/w/.claude/settings.json", access: "write" }];
    expect(found("D-INJ-01", after(20, { paths }))).toEqual(["config high c2"]);
    expect(found("D-INJ-01", after(20, { tier: 2 }))).toEqual(["tool medium c2"]);
  });

  test("is graver where the text was marked, and where credentials were touched since", () => {
    const marked = [page(10, { labels: ["injection_suspected"] })];
    expect(found("D-INJ-01", after(20, { tier: 2 }, marked))).toEqual(["suspected high c2"]);
    expect(found("D-INJ-01", after(20, { ...reaches, risk: ["secret_access"] }))).toEqual([
      "secret critical c2",
    ]);
  });

  test("fires where the text is foreign by the kind of the call that fetched it", () => {
    const records = [page(10, { trust: "tool_output" })];
    expect(found("D-INJ-01", after(20, reaches, records))).toEqual(["host high c2"]);
  });

  test("stays silent after a person spoke, with a person's yes, too late, too far, and for what was done before", () => {
    expect(found("D-INJ-01", after(20, reaches, [page(10), prompt(15)]))).toEqual([]);
    expect(found("D-INJ-01", after(20, { ...reaches, approvals: [{ second: 19 }] }))).toEqual([]);
    expect(found("D-INJ-01", after(611, reaches))).toEqual([]);
    const many = Array.from({ length: 10 }, (_, index) => ({
      call: `x${index}`,
      from: 11 + index,
    }));
    const far = {
      records: [page(10)],
      calls: [fetched, ...many, { call: "c2", from: 40, ...reaches }],
    };
    expect(found("D-INJ-01", far)).toEqual([]);
    const known = { call: "c0", from: 1, tier: 2 as const, ...reaches };
    const again = {
      ...after(20, { tier: 2, ...reaches }),
      calls: [known, fetched, { call: "c2", from: 20, tier: 2 as const, ...reaches }],
    };
    expect(found("D-INJ-01", again)).toEqual([]);
  });

  test("stays silent for one's own tool's output, for a call that never ran, and before the text came", () => {
    const own = {
      ...after(20, reaches),
      calls: [
        { call: "c1", from: 8 },
        { call: "c2", from: 20, ...reaches },
      ],
    };
    expect(found("D-INJ-01", { ...own, records: [page(10, { trust: "tool_output" })] })).toEqual(
      [],
    );
    expect(found("D-INJ-01", after(20, { ...reaches, status: "denied" }))).toEqual([]);
    expect(found("D-INJ-01", after(9, reaches))).toEqual([]);
  });
});

describe("D-INJ-02", () => {
  const wrote = (path: string) => ({ paths: [{ path, access: "write" }] });

  test("fires for memory or rules written soon after foreign text", () => {
    for (const path of ["/w/CLAUDE.md", ".cursor/rules/a.mdc", "/w/memory-bank/x.md"])
      expect(found("D-INJ-02", after(20, wrote(path))), path).toEqual(["found medium c2"]);
  });

  test("stays silent without foreign text, after a person spoke, with a person's yes, and for other files", () => {
    const rules = wrote("CLAUDE.md");
    expect(
      found("D-INJ-02", {
        calls: [{ call: "c2", from: 20, paths: [{ path: "CLAUDE.md", access: "write" }] }],
      }),
    ).toEqual([]);
    expect(found("D-INJ-02", after(20, rules, [page(10), prompt(15)]))).toEqual([]);
    expect(found("D-INJ-02", after(20, { ...rules, approvals: [{ second: 19 }] }))).toEqual([]);
    expect(found("D-INJ-02", after(20, wrote("/w/notes.md")))).toEqual([]);
  });
});
