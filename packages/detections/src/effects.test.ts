import { describe, expect, test } from "vitest";
import { found } from "../../../test/detections/replay.ts";
import { observerAuth, placed } from "../../../test/support/placed-record.ts";

describe("D-FS-02", () => {
  const wrote = (path: string, more: object = {}) => ({
    calls: [{ call: "c1", from: 0, paths: [{ path, access: "write" as const }], ...more }],
  });

  test("fires for files that tell agents, shells and pipelines what to do, wherever they stand and however they are written", () => {
    for (const path of [
      "/w/.claude/settings.json",
      "CLAUDE.md",
      "docs/AGENTS.md",
      "/w/.git/hooks/pre-commit",
      "/w/src/../.github/workflows/ci.yml",
      "~/.bashrc",
      "C:\\w\\.mcp.json",
    ]) {
      expect(found("D-FS-02", wrote(path)), path).toEqual(["found high c1"]);
    }
  });

  test("stays silent for files that are called alike, for reading, for what never ran, and for what a person allowed", () => {
    for (const path of ["/w/src/agents.md.ts", "/w/git/hooks/a", "/w/.github/x.md", ".git/hooks"])
      expect(found("D-FS-02", wrote(path)), path).toEqual([]);
    const file = "CLAUDE.md";
    expect(found("D-FS-02", wrote("", { paths: [{ path: file, access: "read" }] }))).toEqual([]);
    expect(found("D-FS-02", wrote(file, { status: "denied" }))).toEqual([]);
    expect(found("D-FS-02", wrote(file, { approvals: [{ second: -5 }] }))).toEqual([]);
  });

  test("fires where only a rule of the agent's own said yes", () => {
    const approvals = [{ second: -5, by: "policy" as const }];
    expect(found("D-FS-02", wrote("CLAUDE.md", { approvals }))).toHaveLength(1);
  });
});

describe("D-PKG-01", () => {
  const install = { call: "c1", from: 0, risk: ["network", "package_install"] } as const;

  test("fires for a package that nobody allowed: high where a list leaves it out, medium where there is none", () => {
    expect(found("D-PKG-01", { calls: [{ ...install, packagesListed: false }] })).toEqual([
      "unlisted high c1",
    ]);
    expect(found("D-PKG-01", { calls: [install] })).toEqual(["unknown medium c1"]);
  });

  test("fires where only a setting said yes to what a person must, and not where the tier asks for nobody", () => {
    const allowed = { ...install, approvals: [{ second: -5, by: "policy" as const }] };
    expect(found("D-PKG-01", { calls: [{ ...allowed, tier: 2 }] })).toEqual(["unknown medium c1"]);
    expect(found("D-PKG-01", { calls: [{ ...allowed, tier: 1 }] })).toEqual([]);
    const grave = {
      ...install,
      tier: 3,
      approvals: [{ second: -5, approver: "usr_ann" }],
    } as const;
    expect(found("D-PKG-01", { calls: [grave] })).toEqual(["unknown medium c1"]);
  });

  test("stays silent for a listed package, an allowed one, and an install that was stopped", () => {
    const calls = [
      { ...install, packagesListed: true },
      { ...install, call: "c2", tier: 2, approvals: [{ second: -5 }] },
      { ...install, call: "c3", status: "blocked" },
      { call: "c4", from: 0, risk: ["network"] },
    ] as const;
    expect(found("D-PKG-01", { calls })).toEqual([]);
  });
});

describe("D-SEC-01", () => {
  test("fires for a call that ran and names a place of credentials, and not for one that was refused", () => {
    const calls = [
      { call: "c1", from: 0, risk: ["secret_access"] },
      { call: "c2", from: 5, risk: ["secret_access"], status: "denied" },
      { call: "c3", from: 9, risk: ["read_only"] },
    ] as const;
    expect(found("D-SEC-01", { calls })).toEqual(["found high c1"]);
  });
});

describe("D-DST-01", () => {
  const ran = (program: string, words: readonly string[], more: object = {}) => ({
    calls: [{ call: "c1", from: 0, programs: [{ program, words }], ...more }],
  });

  test("fires for commands that destroy more than their work", () => {
    const destroys = [
      ["rm", ["-rf", "/"]],
      ["rm", ["-fR", "~/"]],
      ["git", ["push", "origin", "main", "--force"]],
      ["git", ["push", "--force", "origin", "main"]],
      ["terraform", ["destroy", "-auto-approve"]],
      ["psql", ["-c", "DROP   TABLE users"]],
    ] as const;
    const missed = destroys.filter(
      ([program, words]) => found("D-DST-01", ran(program, words))[0] !== "unapproved critical c1",
    );
    expect(missed).toEqual([]);
  });

  test("is less grave with a yes, but not in production", () => {
    const approvals = [{ second: -5 }];
    expect(found("D-DST-01", ran("dropdb", ["app"], { approvals }))).toEqual(["approved high c1"]);
    expect(found("D-DST-01", ran("dropdb", ["app"], { approvals, production: true }))).toEqual([
      "unapproved critical c1",
    ]);
  });

  test("takes the classifier's word where the arguments are withheld", () => {
    expect(found("D-DST-01", { calls: [{ call: "c1", from: 0, risk: ["destructive"] }] })).toEqual([
      "unread medium c1",
    ]);
  });

  test("stays silent for the daily cleaning, for a push to a branch of one's own, and for what never ran", () => {
    expect(found("D-DST-01", ran("rm", ["-rf", "node_modules", "dist/"]))).toEqual([]);
    expect(found("D-DST-01", ran("rm", ["/"]))).toEqual([]);
    expect(found("D-DST-01", ran("git", ["push", "--force", "origin", "fix"]))).toEqual([]);
    expect(found("D-DST-01", ran("grep", ["-r", "drop-table", "."]))).toEqual([]);
    expect(found("D-DST-01", ran("rm", ["-rf", "/"], { status: "denied" }))).toEqual([]);
  });
});

describe("D-SBX-01", () => {
  const start = (second: number, body: object) =>
    placed(
      "sandbox",
      second,
      { event: "start", attested_by: "runtime", ...body },
      { auth: observerAuth },
    );

  test("fires for a mode that confines nothing, for escapes, for a configuration on no list, and for a change", () => {
    const records = [
      placed("session", 1, { event: "start", sandbox_mode: "danger-full-access" }),
      start(2, { escapes_allowed: true }),
      start(3, { config_digest: "bad" }),
      start(4, { event: "change", config_digest: "worse" }),
    ];
    const policy = { requirements: [], waivers: [], sandboxDigests: ["good"] };
    expect(found("D-SBX-01", { records, policy })).toEqual([
      "none high",
      "escapes high",
      "unapproved high",
      "changed high",
      "unapproved high",
    ]);
  });

  test("stays silent for a confining mode, for an approved configuration and a change to one, and for what no list is kept of", () => {
    const policy = { requirements: [], waivers: [], sandboxDigests: ["good"] };
    const records = [
      placed("session", 1, { event: "start", sandbox_mode: "workspace-write" }),
      start(2, { config_digest: "good", escapes_allowed: false }),
      start(3, { event: "change", config_digest: "good" }),
      start(4, { event: "outcome", mode: "none" }),
      start(5, { event: "change", mode: "confined" }),
      start(6, { event: "change", mode: "confined" }),
    ];
    expect(found("D-SBX-01", { records, policy })).toEqual([]);
    expect(found("D-SBX-01", { records: [start(1, { config_digest: "any" })] })).toEqual([]);
  });
});

describe("D-SBX-02", () => {
  test("fires for a violation of the walls, a container's socket, and the address that hands out credentials, stopped or not", () => {
    const violation = placed(
      "sandbox",
      1,
      { event: "violation", attested_by: "runtime", violation: { kind: "ptrace" } },
      { auth: observerAuth },
    );
    const words = ["--unix-socket", "/var/run/docker.sock", "http://x/info"];
    expect(
      found("D-SBX-02", {
        records: [violation],
        calls: [{ call: "c1", from: 10, programs: [{ program: "curl", words }] }],
        flows: [{ second: 20, body: { host: "169.254.169.254", action: "denied" } }],
      }),
    ).toEqual(["violation critical", "socket critical c1", "metadata critical"]);
  });

  test("stays silent for a file that may not be written, a socket of one's own, and a neighbour's address", () => {
    const violation = placed(
      "sandbox",
      1,
      { event: "violation", attested_by: "runtime", violation: { kind: "write" } },
      { auth: observerAuth },
    );
    expect(
      found("D-SBX-02", {
        records: [violation],
        calls: [
          { call: "c1", from: 10, programs: [{ program: "nc", words: ["-U", "/tmp/x.sock"] }] },
        ],
        flows: [{ second: 20, body: { host: "169.254.169.25" } }],
      }),
    ).toEqual([]);
  });
});

describe("D-RES-01", () => {
  const calls = (count: number, apart: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => ({
      call: `c${index}`,
      from: index * apart,
      ...more,
    }));

  test("fires once for a window with more calls than allowed, on the one that is too many", () => {
    expect(found("D-RES-01", { calls: calls(121, 0.4) })).toEqual(["rate medium c120"]);
  });

  test("fires where one call fails for the twenty-first time in half an hour, by its word or by its exit code, once", () => {
    const failing = { body: { action_digest: "d", success: false } };
    expect(found("D-RES-01", { calls: calls(25, 30, failing) })).toEqual(["repeat medium c20"]);
    const coded = { body: { action_digest: "d", success: true, exit_code: 2 } };
    expect(found("D-RES-01", { calls: calls(28, 5, coded) })).toEqual(["repeat medium c20"]);
  });

  test("fires where a tool whose arguments were withheld fails over and over and never succeeds", () => {
    const failing = { body: { arguments_state: "withheld", success: false } };
    expect(found("D-RES-01", { calls: calls(28, 5, failing) })).toEqual(["repeat medium c20"]);
    const once = { call: "ok", from: 52, body: { arguments_state: "withheld" } } as const;
    expect(found("D-RES-01", { calls: [...calls(28, 5, failing), once] })).toEqual([]);
  });

  test("stays silent for failures spread over hours, for different ones, and where the call succeeds in between", () => {
    const failing = { body: { action_digest: "d", exit_code: 1 } };
    expect(found("D-RES-01", { calls: calls(40, 120, failing) })).toEqual([]);
    const four = Array.from({ length: 32 }, (_, index) => ({
      call: `c${index}`,
      from: Math.floor(index / 8) * 3_600 + (index % 8) * 11,
      ...failing,
    }));
    expect(found("D-RES-01", { calls: four })).toEqual([]);
    const many = calls(28, 5).map((call, index) => ({
      ...call,
      body: { action_digest: `d${index}`, exit_code: 1 },
    }));
    expect(found("D-RES-01", { calls: many })).toEqual([]);
    const once = { call: "ok", from: 52, body: { action_digest: "d", exit_code: 0 } };
    expect(found("D-RES-01", { calls: [...calls(28, 5, failing), once] })).toEqual([]);
  });

  test("fires for a crowd of helpers, and not for as many as are allowed, ones over hours, refused ones, and waiting for one", () => {
    const spawn = { body: { kind: "agent", tool: "spawn_agent" } };
    expect(found("D-RES-01", { calls: calls(40, 10, spawn) })).toEqual(["helpers medium c25"]);
    expect(found("D-RES-01", { calls: calls(25, 10, spawn) })).toEqual([]);
    expect(found("D-RES-01", { calls: calls(40, 120, spawn) })).toEqual([]);
    expect(found("D-RES-01", { calls: calls(40, 10, { ...spawn, status: "denied" }) })).toEqual([]);
    const waiting = { body: { kind: "agent", tool: "wait_agent" } };
    expect(found("D-RES-01", { calls: calls(40, 10, waiting) })).toEqual([]);
  });

  test("fires on the response that takes the session over its tokens, each response counted once", () => {
    const used = (second: number, primary: boolean) =>
      placed("inference", second, { status: "ok", primary, input_tokens: 20_000_000 });
    const records = [used(1, true), used(2, false), used(3, true), used(4, false)];
    expect(found("D-RES-01", { records })).toEqual([]);
    expect(found("D-RES-01", { records: [...records, used(5, true)] })).toEqual(["tokens medium"]);
  });

  test("stays silent for as many calls as are allowed, and for twenty failures", () => {
    const failing = { body: { action_digest: "d", success: false } };
    expect(found("D-RES-01", { calls: calls(120, 0.4) })).toEqual([]);
    expect(found("D-RES-01", { calls: calls(200, 0.6) })).toEqual([]);
    expect(found("D-RES-01", { calls: calls(20, 30, failing) })).toEqual([]);
  });
});

describe("D-TEL-02", () => {
  const seen = (second: number, over: object) =>
    placed("turn", second, { event: "start", prompt_state: "reported" }, over);

  test("fires for the future, for more than a day, and for a measured offset, once for each sender", () => {
    const records = [
      seen(10, { rx: "2026-11-23T07:28:05.000000000Z" }),
      seen(11, { rx: "2026-11-23T07:28:06.000000000Z" }),
      seen(12, { rx: "2026-11-24T07:28:13.000000000Z" }),
      placed("heartbeat", 13, { last_seq: 1, dropped: 0, clock_offset_ms: -61_000 }),
    ];
    expect(found("D-TEL-02", { records })).toEqual(["future medium", "offset medium", "late low"]);
  });

  test("stays silent for two seconds, for a day, for a small offset, and where our own time stands in", () => {
    const records = [
      seen(10, { rx: "2026-11-23T07:28:08.000000000Z" }),
      seen(10, { rx: "2026-11-24T07:28:10.000000000Z" }),
      seen(90, { rx: "2026-11-23T07:28:05.000000000Z", attrs: { "time.source": "rx" } }),
      placed("heartbeat", 13, { last_seq: 1, dropped: 0, clock_offset_ms: 60_000 }),
    ];
    expect(found("D-TEL-02", { records })).toEqual([]);
  });
});
