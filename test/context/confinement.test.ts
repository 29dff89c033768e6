import { hash } from "node:crypto";
import { assembleAction, assembleSession, groupByCall, shippedTiers } from "@custody/context";
import type { ActionView, Body, PlacedRecord, SessionView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { at, internalAuth, observerAuth, placed } from "../support/placed-record.ts";
import { capturedRecords } from "./captured-records.ts";

// What agents say of their confinement and what runtimes attest of it, kept apart on sessions and actions.

function actionsOf(records: readonly PlacedRecord[]): ReadonlyMap<string, ActionView> {
  const sessions = [...new Set(records.flatMap(({ record }) => record.session ?? []))];
  return new Map(
    sessions.flatMap((session) => {
      const sessionLevel = records.filter(({ record }) => record.call === undefined);
      return [...groupByCall(records, session)].map(
        ([call, group]) =>
          [
            call,
            assembleAction(group, [], {
              tenant: "acme",
              session,
              call,
              sessionLevel,
              tiers: shippedTiers,
              sha256: (bytes) => hash("sha256", bytes, "buffer"),
            }),
          ] as const,
      );
    }),
  );
}

const sessionOf = (records: readonly PlacedRecord[]): SessionView["sandbox"] | undefined =>
  assembleSession(records, { session: "s1", now: at(600) })?.sandbox;

describe("Codex's own account in captures", () => {
  test("a command that its sandbox refused says so on its action, as the enforcer's word; the escalated retry says that it asked outside", () => {
    const actions = actionsOf(capturedRecords("codex", "appserver-sandbox-retry"));
    const first = actions.get("call_0002fake");
    expect(first?.sandbox).toMatchObject({
      mode: "workspace-write",
      outcome: "denied",
      grade: "reported",
      vantage: "enforcer",
      observed: null,
      asked_outside: false,
    });
    const retry = actions.get("call_0005fake");
    expect(retry?.sandbox).toMatchObject({ outcome: null, asked_outside: true, observed: null });
    expect(retry?.outcome.status).toBe("executed");
    expect(retry?.approvals).toMatchObject([{ verdict: "allow", by: "human", grade: "reported" }]);
  });

  test("a call that a hook refused is on its action with what Codex tells of it, which is not the refusal", () => {
    const actions = actionsOf(capturedRecords("codex", "hooks-block"));
    expect(actions.get("call_0002fake")?.outcome).toMatchObject({
      status: "executed",
      grade: "reported",
    });
    const blocked = actions.get("call_0005fake");
    expect(blocked?.outcome.success ?? null).not.toBe(true);
    expect(blocked?.outcome.grade).not.toBe("observed");
    expect(blocked?.sandbox?.observed ?? null).toBeNull();
  });
});

const attested = (
  second: number,
  body: Partial<Body<"sandbox">>,
  over: Parameters<typeof placed>[3] = {},
): PlacedRecord =>
  placed(
    "sandbox",
    second,
    { event: "start", sandbox: "box-1", attested_by: "runtime", ...body },
    { auth: observerAuth, ...over },
  );
const codexStart = placed("session", 1, { event: "start", sandbox_mode: "workspace-write" });
const call = placed(
  "tool_call",
  12,
  {
    event: "result",
    tool: "exec_command",
    kind: "exec",
    status: "error",
    success: false,
    arguments_state: "withheld",
    primary: true,
  },
  { call: "c1" },
);

describe("both sides", () => {
  test("stand beside each other, and a mode that the runtime does not bear out is a disagreement", () => {
    const records = [codexStart, attested(0, { privileged: true, mode: "none", backend: "runc" })];
    expect(sessionOf(records)).toMatchObject({
      mode: "none",
      grade: "observed",
      observed: { mode: "none", privileged: true, match: { method: "stated" } },
      reported: { mode: "workspace-write", grade: "reported", match: null },
      disagreement: [
        { about: "mode", observed: "none", reported: "workspace_write" },
        { about: "mode", observed: "privileged", reported: "workspace-write" },
      ],
    });
    expect(sessionOf([codexStart, attested(0, { mode: "workspace_write" })])).toMatchObject({
      disagreement: [],
    });
  });

  test("a sandbox tied by what its inmate writes itself is nobody's word for the session", () => {
    const box = attested(0, { mode: "read-only" }, { session: undefined as never });
    const link = (confidence: "medium" | "low") =>
      placed(
        "link",
        2,
        {
          kind: "session_sandbox",
          record: box.record.id,
          method: "address_interval",
          confidence,
          basis: 2,
        },
        { auth: internalAuth },
      );
    expect(sessionOf([codexStart, box, link("low")])).toMatchObject({
      mode: "workspace-write",
      grade: "reported",
      observed: null,
    });
    expect(sessionOf([codexStart, box, link("medium")])).toMatchObject({
      mode: "read-only",
      grade: "observed",
      observed: { match: { method: "address_interval", confidence: "medium" } },
    });
  });

  test("a change within the session is told with what it was before, by the side that told it", () => {
    const digest = (letter: string) => letter.repeat(64);
    const records = [
      codexStart,
      attested(0, { config_digest: digest("a") }),
      attested(20, { event: "change", config_digest: digest("b") }),
      placed("session", 30, { event: "mode_change", sandbox_mode: "danger-full-access" }),
    ];
    expect(sessionOf(records)?.changes).toMatchObject([
      { what: "config_digest", from: digest("a"), to: digest("b"), grade: "observed" },
      { what: "mode", from: "workspace-write", to: "danger-full-access", grade: "reported" },
    ]);
  });

  test("what the runtime stopped makes a call blocked, and the agent's silence of it is a disagreement", () => {
    const violation = attested(
      10,
      { event: "violation", violation: { kind: "write", target: "/etc/x", result: "denied" } },
      { call: "c1" },
    );
    const box = attested(0, { mode: "workspace-write", escapes_allowed: false });
    const action = actionsOf([codexStart, box, call, violation]).get("c1");
    expect(action?.outcome.status).toBe("blocked");
    expect(action?.sandbox).toMatchObject({
      outcome: "denied",
      violations: [{ kind: "write", target: "/etc/x", result: "denied", grade: "observed" }],
      disagreement: [{ about: "violation", observed: "write denied", reported: "none" }],
    });
    const told = placed(
      "sandbox",
      11,
      { event: "outcome", outcome: "denied", attested_by: "agent" },
      { call: "c1", vantage: "enforcer" },
    );
    const agreed = actionsOf([codexStart, box, call, violation, told]).get("c1");
    expect(agreed?.sandbox).toMatchObject({ vantage: "enforcer", disagreement: [] });
  });

  test("an agent's word of a violation stops nothing, and its escalation stands against what the runtime attests", () => {
    const own = placed(
      "sandbox",
      10,
      {
        event: "violation",
        attested_by: "agent",
        violation: { kind: "write", result: "denied" },
      },
      { call: "c1" },
    );
    expect(actionsOf([codexStart, call, own]).get("c1")?.outcome.status).toBe("error");
    const escalated = placed(
      "sandbox",
      11,
      { event: "outcome", outcome: "escalated", attested_by: "agent" },
      { call: "c1", vantage: "enforcer" },
    );
    const box = attested(0, { mode: "workspace-write", escapes_allowed: false });
    expect(actionsOf([codexStart, box, call, escalated]).get("c1")?.sandbox).toMatchObject({
      outcome: "escalated",
      disagreement: [{ about: "escalation" }],
    });
  });
});
