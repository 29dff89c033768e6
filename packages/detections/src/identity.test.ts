import { describe, expect, test } from "vitest";
import { found } from "../../../test/detections/replay.ts";
import { at, placed } from "../../../test/support/placed-record.ts";

const start = placed("session", 1, { event: "start", mcp_servers: ["github", "evil", "g1thub"] });

describe("D-IDN-01", () => {
  test("fires for a session whose holder is on no list, shares a key, or has none", () => {
    for (const [attribution, expected] of [
      ["unlisted", "unlisted high"],
      ["shared", "shared medium"],
      ["unknown", "unknown high"],
    ] as const)
      expect(found("D-IDN-01", { records: [start], attribution })).toEqual([expected]);
  });

  test("stays silent for a listed holder, and without a list", () => {
    expect(found("D-IDN-01", { records: [start], attribution: "listed" })).toEqual([]);
    expect(found("D-IDN-01", { records: [start] })).toEqual([]);
  });
});

describe("D-MCP-01", () => {
  const policy = (servers: readonly { name: string; from: string; to?: string }[]) => ({
    requirements: [],
    waivers: [],
    servers,
  });
  const used = (call: string, from: number, server: string) => ({
    call,
    from,
    body: { tool: "search", kind: "mcp" as const, mcp_server: server },
  });

  test("fires once for each server that is loaded or used and on no list, and says which reads like an approved one", () => {
    const calls = [used("c1", 5, "evil"), used("c2", 9, "tracker")];
    expect(
      found("D-MCP-01", {
        records: [start],
        calls,
        policy: policy([{ name: "github", from: at(0) }]),
      }),
    ).toEqual(["lookalike high", "unlisted high", "unlisted high"]);
  });

  test("fires for one that was approved after it was used, or is no longer", () => {
    const calls = [used("c1", 5, "tracker")];
    const servers = [
      { name: "github", from: at(0) },
      { name: "tracker", from: at(50) },
    ];
    expect(found("D-MCP-01", { calls, policy: policy(servers) })).toEqual(["unlisted high"]);
    const past = [{ name: "tracker", from: at(0), to: at(3) }];
    expect(found("D-MCP-01", { calls, policy: policy(past) })).toEqual(["unlisted high"]);
  });

  test("stays silent for an approved server, without a list, and before there was one", () => {
    const calls = [used("c1", 5, "github")];
    expect(found("D-MCP-01", { calls, policy: policy([{ name: "github", from: at(0) }]) })).toEqual(
      [],
    );
    expect(found("D-MCP-01", { calls })).toEqual([]);
    expect(found("D-MCP-01", { calls, policy: policy([{ name: "x", from: at(90) }]) })).toEqual([]);
  });
});

describe("D-FS-01", () => {
  const outside = { call: "c1", from: 0, risk: ["outside_workspace"] } as const;

  test("fires for a call that ran, wrote outside its workspace, and had nobody's yes", () => {
    expect(found("D-FS-01", { calls: [outside] })).toEqual(["found high c1"]);
  });

  test("fires where only a setting or a model said yes to what a person must, and not where the tier asks for nobody", () => {
    for (const by of ["policy", "auto_reviewer", "hook"] as const) {
      const allowed = { ...outside, approvals: [{ second: -5, by }] };
      expect(found("D-FS-01", { calls: [{ ...allowed, tier: 2 }] })).toEqual(["found high c1"]);
      expect(found("D-FS-01", { calls: [{ ...allowed, tier: 1 }] })).toEqual([]);
    }
  });

  test("weighs less where the call ended badly, as it does where a sandbox refuses the write", () => {
    const ended = (body: object) => found("D-FS-01", { calls: [{ ...outside, body }] });
    expect(ended({ success: true, exit_code: 1 })).toEqual(["failed medium c1"]);
    expect(ended({ success: false })).toEqual(["failed medium c1"]);
    expect(ended({ success: true, exit_code: 0 })).toEqual(["found high c1"]);
  });

  test("stays silent inside of it, for what was stopped, and with a yes that stands", () => {
    const calls = [
      { ...outside, risk: ["workspace_write"] },
      { ...outside, call: "c2", status: "blocked" },
      { ...outside, call: "c3", tier: 2, approvals: [{ second: -5 }] },
      {
        ...outside,
        call: "c4",
        tier: 2,
        approvals: [{ second: -5 }, { second: -6, by: "policy" }],
      },
    ] as const;
    expect(found("D-FS-01", { calls })).toEqual([]);
  });
});
