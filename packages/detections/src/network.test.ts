import { describe, expect, test } from "vitest";
import { found } from "../../../test/detections/replay.ts";
import { placed } from "../../../test/support/placed-record.ts";

const reading = { call: "c1", from: 10, risk: ["secret_access"], tier: 2 } as const;

describe("D-NET-01", () => {
  test("fires for a flow that no rule lists: high where it went through, low where it was stopped", () => {
    const flows = [
      { second: 1, listed: false, call: "c1" },
      { second: 2, listed: false, body: { action: "denied" } },
    ] as const;
    expect(found("D-NET-01", { flows, calls: [{ call: "c1", from: 0 }] })).toEqual([
      "allowed high c1",
      "denied low",
    ]);
  });

  test("stays silent for a listed host, for a question, and where no allow-list is in force", () => {
    const flows = [
      { second: 1, listed: true },
      { second: 2, listed: false, body: { action: "asked" } },
      { second: 3 },
    ] as const;
    expect(found("D-NET-01", { flows })).toEqual([]);
  });
});

describe("D-NET-02", () => {
  test("fires where bytes leave within fifteen minutes of a secret's reading", () => {
    const flows = [{ second: 900, listed: true, body: { bytes_out: 512 } }];
    expect(found("D-NET-02", { calls: [reading], flows })).toEqual(["sent critical"]);
  });

  test("fires for one command that reads and sends", () => {
    const flows = [{ second: 10.2, call: "c1", body: { bytes_out: 512 } }];
    expect(found("D-NET-02", { calls: [reading], flows })).toEqual(["sent critical c1"]);
  });

  test("says so where the proxy does not count what was sent", () => {
    expect(found("D-NET-02", { calls: [reading], flows: [{ second: 60 }] })).toEqual([
      "unmeasured high",
    ]);
  });

  test("fires later than that in the same turn, for what an observation showed", () => {
    const seen = placed(
      "observation",
      5,
      { state: "reported", trust: "tool_output", labels: ["secret"] },
      { turn: "t1" },
    );
    const flows = [{ second: 4_000, turn: "t1", body: { bytes_out: 1 } }];
    expect(found("D-NET-02", { records: [seen], flows })).toEqual(["sent critical"]);
  });

  test("stays silent for a flow before, one too late, one without bytes, one that was stopped, and one to where secrets may go", () => {
    const flows = [
      { second: 2, body: { bytes_out: 512 } },
      { second: 912, body: { bytes_out: 512 } },
      { second: 20, body: { bytes_out: 0 } },
      { second: 21, body: { bytes_out: 512, action: "denied" } },
      { second: 22, secretsMayGo: true, body: { bytes_out: 512 } },
    ] as const;
    expect(found("D-NET-02", { calls: [reading], flows })).toEqual([]);
  });

  test("stays silent after a reading that never ran", () => {
    const calls = [{ ...reading, status: "denied" }] as const;
    expect(found("D-NET-02", { calls, flows: [{ second: 60, body: { bytes_out: 9 } }] })).toEqual(
      [],
    );
  });
});
