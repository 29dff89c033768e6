import type { Body } from "@custody/model";
import { describe, expect, test } from "vitest";
import { found } from "../../../test/detections/replay.ts";
import { at, authorityAuth, placed } from "../../../test/support/placed-record.ts";

const act = { call: "c1", from: 100, tier: 2 } as const;
const yes = { second: 90 } as const;

describe("D-APR-01", () => {
  const session = (second: number, flags: readonly string[], approval_mode?: string) =>
    placed("session", second, {
      event: "seen",
      flags,
      ...(approval_mode === undefined ? {} : { approval_mode }),
    });

  test("fires once for each word of a mode that asks nobody, however often it is said", () => {
    const records = [
      session(1, ["bypassPermissions"]),
      session(2, ["bypassPermissions"]),
      session(3, [], "never"),
    ];
    expect(found("D-APR-01", { records })).toEqual(["unconfined high", "unasked high"]);
  });

  test("stays silent for a mode that asks, and for a word that only holds the word of one that does not", () => {
    expect(
      found("D-APR-01", { records: [session(1, [], "on-request"), session(2, ["not-yolo"])] }),
    ).toEqual([]);
  });

  test("stays silent while a waiver covers the moment, and not after it", () => {
    const policy = {
      requirements: [],
      waivers: [{ rule: "D-APR-01", from: at(0), to: at(50) }],
    };
    expect(found("D-APR-01", { records: [session(1, ["yolo"])], policy })).toEqual([]);
    expect(found("D-APR-01", { records: [session(51, ["yolo"])], policy })).toHaveLength(1);
  });
});

describe("D-APR-02", () => {
  test("fires where a call of T2 or T3 ran and nobody decided", () => {
    const calls = [act, { call: "c2", from: 200, tier: 3 }] as const;
    expect(found("D-APR-02", { calls })).toEqual(["t2 high c1", "t3 critical c2"]);
  });

  test("fires where the only yes came after, was heard too late, had expired, or was given for other arguments", () => {
    const late = [
      { approvals: [{ second: 110 }] },
      { approvals: [{ second: 90, rx: at(1_100) }] },
      { approvals: [{ second: 10, expires: at(50) }] },
      { approvals: [{ second: 90, action_digest: "b" }], body: { action_digest: "a" } },
      { approvals: [{ second: 90, expires: "soon" }] },
    ];
    for (const more of late)
      expect(found("D-APR-02", { calls: [{ ...act, ...more }] })).toEqual(["t2 high c1"]);
  });

  test("stays silent for a decided call, a call of T1, and one that did not run", () => {
    const calls = [
      { ...act, approvals: [yes] },
      { call: "c2", from: 100, tier: 1 },
      { call: "c3", from: 100, tier: 3, status: "denied" },
    ] as const;
    expect(found("D-APR-02", { calls })).toEqual([]);
  });

  test("stays silent where the wait for the approval is counted into the call", () => {
    const waited = (wait_included: boolean) => ({
      calls: [
        {
          ...act,
          body: { wait_included, exec_start: at(90) },
          approvals: [{ second: 96 }],
        },
      ],
    });
    expect(found("D-APR-02", waited(true))).toEqual([]);
    expect(found("D-APR-02", waited(false))).toHaveLength(1);
  });

  test("a grant of the session covers the tool it names, and no other", () => {
    const grant = (tool: string) =>
      placed("approval", 5, {
        verdict: "allow",
        by: "human",
        scope: "session",
        raw: "always",
        tool,
        primary: true,
      });
    expect(found("D-APR-02", { calls: [act], records: [grant("exec_command")] })).toEqual([]);
    expect(found("D-APR-02", { calls: [act], records: [grant("read_file")] })).toHaveLength(1);
  });

  test("a flood of grants that stand for nothing clears nothing", () => {
    const grants = Array.from({ length: 2_000 }, (_, index) =>
      placed("approval", index / 1_000, {
        verdict: "allow",
        by: "human",
        scope: "session",
        raw: "always",
        tool: "exec_command",
        expires: at(50),
        primary: true,
      }),
    );
    const calls = Array.from({ length: 900 }, (_, index) => ({
      call: `c${index}`,
      from: 100 + index,
      tier: 2 as const,
    }));
    expect(found("D-APR-02", { calls, records: grants })).toHaveLength(900);
  });

  test("says less where the sources of the session can never tell an approval", () => {
    expect(found("D-APR-02", { calls: [act], approvalsTold: false })).toEqual(["unsaid medium c1"]);
  });
});

describe("D-APR-03", () => {
  test("fires where a rule, a model or nobody at all said yes to what a person must", () => {
    for (const by of ["policy", "auto_reviewer", "hook", "none"] as const) {
      const calls = [{ ...act, approvals: [{ ...yes, by }] }];
      expect(found("D-APR-03", { calls })).toEqual(["kind high c1"]);
    }
  });

  test("fires where the asker said yes, where a standing yes meets T3, and where nobody is named", () => {
    const grave = { ...act, tier: 3 } as const;
    const who = (approval: object) => ({
      calls: [{ ...grave, approvals: [{ ...yes, ...approval }] }],
    });
    expect(found("D-APR-03", who({ approver: "usr_ann" }))).toEqual(["self high c1"]);
    expect(found("D-APR-03", who({ approver: "x", requester: "x" }))).toEqual(["self high c1"]);
    expect(found("D-APR-03", who({ approver: "usr_bob", scope: "session" }))).toEqual([
      "scope medium c1",
    ]);
    expect(found("D-APR-03", who({}))).toEqual(["unnamed medium c1"]);
  });

  test("stays silent where one good yes stands beside a bad one, and where the tier asks for none", () => {
    const calls = [
      { ...act, approvals: [{ ...yes, by: "policy" }, yes] },
      { call: "c2", from: 100, tier: 1, approvals: [{ second: 90, by: "policy" }] },
    ] as const;
    expect(found("D-APR-03", { calls })).toEqual([]);
    const other = [{ ...act, tier: 3, approvals: [{ ...yes, approver: "usr_bob" }] }] as const;
    expect(found("D-APR-03", { calls: other })).toEqual([]);
  });
});

describe("D-APR-04", () => {
  test("fires where other arguments ran than were shown, and where the yes had ended", () => {
    const body = { action_digest: "a" };
    const calls = [
      { ...act, body, approvals: [{ ...yes, action_digest: "b" }] },
      { call: "c2", from: 200, approvals: [{ second: 1, expires: at(50) }] },
    ];
    expect(found("D-APR-04", { calls })).toEqual(["mutated critical c1", "expired critical c2"]);
  });

  test("fires where one grant for one time stands under two calls, on the second", () => {
    const grant = { ...yes, grant: "g1" };
    const calls = [
      { ...act, approvals: [grant] },
      { call: "c2", from: 200, approvals: [grant] },
    ];
    expect(found("D-APR-04", { calls })).toEqual(["replayed critical c2"]);
  });

  test("fires where one call ran twice on one yes for one time, and not where each run has its own", () => {
    const twice = { ...act, again: [200] };
    expect(found("D-APR-04", { calls: [{ ...twice, approvals: [yes] }] })).toEqual([
      "replayed critical c1",
    ]);
    const both = [yes, { second: 95 }];
    expect(found("D-APR-04", { calls: [{ ...twice, approvals: both }] })).toEqual([]);
  });

  test("fires where a link shows a yes for one time as used before, and its call ran without one", () => {
    const records = [
      placed(
        "approval",
        90,
        { verdict: "allow", by: "human", scope: "once", raw: "chat", primary: true },
        { call: "c1" },
      ),
    ];
    const used = { ...act, replayed: records.map(({ record }) => record.id) };
    expect(found("D-APR-04", { records, calls: [used] })).toEqual(["replayed critical c1"]);
    expect(found("D-APR-02", { records, calls: [used] })).toEqual(["t2 high c1"]);
    expect(found("D-APR-02", { records, calls: [act] })).toEqual([]);
  });

  describe("of a yes that an authority told", () => {
    const told = (body: Partial<Body<"approval">>, second = 90) =>
      placed(
        "approval",
        second,
        { verdict: "allow", by: "human", scope: "once", raw: "desk", primary: true, ...body },
        { call: "c1", auth: authorityAuth },
      );
    const ran = { ...act, body: { action_digest: "a" } };

    test("fires though the agent's own word also says yes: for other arguments, after its end, and used by an earlier run", () => {
      for (const by of ["human", "policy"] as const) {
        const calls = [{ ...ran, approvals: [{ ...yes, by }] }];
        const mutated = [told({ action_digest: "b" })];
        expect(found("D-APR-04", { calls, records: mutated })).toEqual(["mutated critical c1"]);
        const expired = [told({ expires: at(50) }, 10)];
        expect(found("D-APR-04", { calls, records: expired })).toEqual(["expired critical c1"]);
      }
      const used = told({ action_digest: "a" });
      const again = {
        ...ran,
        replayed: [used.record.id],
        approvals: [{ ...yes, by: "policy" as const }],
      };
      expect(found("D-APR-04", { calls: [again], records: [used] })).toEqual([
        "replayed critical c1",
      ]);
    });

    test("stays silent where the authority's other yes is good, and where a further run has a valid decision of its own", () => {
      const both = [told({ action_digest: "b" }), told({ action_digest: "a" }, 95)];
      expect(found("D-APR-04", { calls: [ran], records: both })).toEqual([]);
      const used = told({ action_digest: "a" });
      const again = { ...ran, replayed: [used.record.id], approvals: [yes] };
      expect(found("D-APR-04", { calls: [again], records: [used] })).toEqual([]);
    });
  });

  test("stays silent for the same arguments, for ones the approver changed, and for a standing grant used twice", () => {
    const body = { action_digest: "a" };
    const calls = [
      { ...act, body, approvals: [{ ...yes, action_digest: "a" }] },
      {
        call: "c2",
        from: 100,
        body,
        approvals: [{ ...yes, action_digest: "b", verdict: "modified" }],
      },
      { call: "c3", from: 100, approvals: [{ ...yes, scope: "session", grant: "g" }] },
      { call: "c4", from: 100, approvals: [{ ...yes, scope: "session", grant: "g" }] },
    ] as const;
    expect(found("D-APR-04", { calls })).toEqual([]);
  });
});

describe("D-APR-06", () => {
  const push = [{ program: "git", words: ["push", "origin", "main"] }];
  const denied = {
    call: "c1",
    from: 0,
    status: "denied",
    programs: push,
    approvals: [{ second: 0, verdict: "deny" }],
  } as const;
  const again = (more: object) => ({ calls: [denied, { call: "c2", from: 60, ...more }] });

  test("fires where the same thing runs half an hour after its denial or sooner, flags and shells aside", () => {
    const wrapped = [
      { program: "bash", words: ["-lc", "git push --force origin main"] },
      { program: "git", words: ["push", "--force", "origin", "main"] },
    ];
    expect(found("D-APR-06", again({ programs: push }))).toEqual(["same medium c2"]);
    expect(found("D-APR-06", again({ programs: wrapped }))).toEqual(["same medium c2"]);
  });

  test("fires for the same arguments by their digest, where they were withheld", () => {
    const calls = [
      { call: "c1", from: 0, status: "denied", body: { action_digest: "d" } },
      { call: "c2", from: 60, body: { action_digest: "d" } },
    ] as const;
    expect(found("D-APR-06", { calls })).toEqual(["same medium c2"]);
  });

  test("fires where it stands in what an interpreter is handed, plain or as base64", () => {
    const python = [
      { program: "python3", words: ["-c", "import os; os.system('git push origin main')"] },
    ];
    // base64 of "git push origin main"
    const encoded = [{ program: "base64", words: ["-d", "Z2l0IHB1c2ggb3JpZ2luIG1haW4gIA=="] }];
    expect(found("D-APR-06", again({ programs: python }))).toEqual(["wrapped high c2"]);
    expect(found("D-APR-06", again({ programs: encoded }))).toEqual(["wrapped high c2"]);
  });

  test("fires where a denied edit is written by another call", () => {
    const paths = [{ path: "/w/a.ts", access: "write" }] as const;
    const calls = [
      { ...denied, programs: [], paths },
      { call: "c2", from: 60, paths },
    ];
    expect(found("D-APR-06", { calls })).toEqual(["same medium c2"]);
  });

  test("stays silent for another target, after half an hour, before the denial, and once a person said yes", () => {
    const other = [{ program: "git", words: ["push", "origin", "feature"] }];
    expect(found("D-APR-06", again({ programs: other }))).toEqual([]);
    expect(found("D-APR-06", again({ from: 1_900, programs: push }))).toEqual([]);
    expect(found("D-APR-06", again({ from: -60, programs: push }))).toEqual([]);
    expect(found("D-APR-06", again({ programs: push, approvals: [{ second: 50 }] }))).toEqual([]);
  });
});
