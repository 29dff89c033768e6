import { explainSession, type ProfileLookup } from "@custody/context";
import { profileOf } from "@custody/dialects";
import type { FidelityView, PlacedRecord, SessionView } from "@custody/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios } from "../captures/captured-agents.ts";
import { capturedRecords } from "./captured-records.ts";

// What real captures tell of themselves; expectations are the settings under which each was made (`meta.json`).

const now = "2026-11-23T09:00:00.000000000Z";

interface Explained {
  readonly view: SessionView;
  readonly fidelity: FidelityView;
}

function explained(
  records: readonly PlacedRecord[],
  lookup: ProfileLookup = profileOf,
): readonly Explained[] {
  const ids = [...new Set(records.flatMap(({ record }) => record.session ?? []))];
  return ids.flatMap(
    (session) => explainSession(records, { session, now, profileOf: lookup }) ?? [],
  );
}

/** The session in which somebody talked, of a capture that has one. */
function only(agent: string, scenario: string): Explained {
  const talked = explained(capturedRecords(agent, scenario)).filter(
    ({ view }) => view.conversation,
  );
  if (talked.length !== 1 || talked[0] === undefined) throw new Error(`${talked.length} sessions`);
  return talked[0];
}

const withheldPrompt = {
  prompt: "withheld",
  arguments: "reported",
  results: "reported",
  approvals: "reported",
  sandbox: "reported",
  egress: "unknown",
} as const;

/** Under each of Claude Code's switches alone, what it opens. */
const claude = {
  "tool-edit-json-redacted": { prompt: "withheld", arguments: "withheld", results: "withheld" },
  "flag-user-prompts-only": { prompt: "reported", arguments: "withheld", results: "withheld" },
  "flag-tool-details-only": { prompt: "withheld", arguments: "reported", results: "withheld" },
  // Content of some tools only, so it is not told every time.
  "flag-tool-content-only": { prompt: "withheld", arguments: "withheld", results: "withheld" },
  "flag-assistant-responses-only": {
    prompt: "withheld",
    arguments: "withheld",
    results: "withheld",
  },
  "tool-edit": { prompt: "reported", arguments: "reported", results: "withheld" },
} as const;

test("a prompt that Codex held back is withheld, and the reason says which setting sends it", () => {
  const { view, fidelity } = only("codex", "tool-edit-json-redacted");
  expect(view.fidelity).toMatchObject(withheldPrompt);
  const prompt = fidelity.facts.find(({ fact }) => fact === "prompt");
  expect(prompt).toMatchObject({ state: "withheld", occasions: { told: 0, withheld: 1 } });
  expect(prompt?.remedy).toContain("log_user_prompt = true");
});

test("egress of Codex is unknown without its proxy, told with it, and the reason names the switch", () => {
  const without = only("codex", "tool-edit").fidelity.facts.find(({ fact }) => fact === "egress");
  expect(without).toMatchObject({ state: "unknown", occasions: { told: 0 } });
  expect(without?.remedy).toContain("network_proxy = true");
  const through = only("codex", "network-proxy").fidelity.facts.find(
    ({ fact }) => fact === "egress",
  );
  expect(through).toMatchObject({ state: "reported", occasions: { told: 3 }, remedy: null });
});

test("Codex names nobody under an API key, and somebody under a login", () => {
  expect(only("codex", "logs-only").view.fidelity.identity).toBe("unknown");
  expect(only("codex", "chatgpt-login").view.fidelity.identity).toBe("reported");
});

test("a verdict that Codex never wrote is unknown, not lost, and shows beside those it wrote", () => {
  for (const scenario of ["execpolicy-rules", "read-only-denied"]) {
    const { fidelity } = only("codex", scenario);
    const approvals = fidelity.facts.find(({ fact }) => fact === "approvals");
    expect(approvals, scenario).toMatchObject({
      state: "unknown",
      occasions: { missing: 0, unknown: 1 },
    });
    expect(approvals?.occasions.told, scenario).toBeGreaterThan(0);
    expect(approvals?.why, scenario).toContain("exec-policy");
  }
});

test.each(Object.entries(claude))(
  "Claude Code's %s opens what it opens and nothing else",
  (scenario, facts) => {
    const { view } = only("claude-code", scenario);
    expect(view.fidelity).toMatchObject({
      ...facts,
      approvals: "reported",
      sandbox: "unknown",
      egress: "unknown",
      identity: "reported",
    });
  },
);

test("an application on the AI SDK tells its calls, and can tell neither who allowed them nor where they ran", () => {
  const { view } = only("vercel-ai-sdk", "v6-agent-tools");
  expect(view.fidelity).toMatchObject({
    prompt: "reported",
    arguments: "reported",
    results: "reported",
    approvals: "unknown",
    sandbox: "unknown",
    egress: "unknown",
  });
  expect(only("vercel-ai-sdk", "v7-redacted").view.fidelity).toMatchObject({
    prompt: "withheld",
    arguments: "withheld",
    results: "withheld",
  });
});

const all = capturedAgents.flatMap((agent) =>
  capturedScenarios(agent).map((scenario) => [agent, scenario] as const),
);

describe("whatever arrived of a capture", () => {
  test.each(all)("%s %s: the session and its explanation say the same", (agent, scenario) => {
    const records = capturedRecords(agent, scenario);
    const some = fc.shuffledSubarray([...records]);
    fc.assert(
      fc.property(fc.oneof(fc.constant([...records]), some), fc.boolean(), (part, informed) => {
        for (const { view, fidelity } of explained(part, informed ? profileOf : () => undefined)) {
          const said = Object.fromEntries(fidelity.facts.map(({ fact, state }) => [fact, state]));
          expect(said).toMatchObject(view.fidelity);
          expectSound(fidelity);
        }
      }),
      { numRuns: 4, seed: 20261123 },
    );
  });
});

/** A state and its occasions agree, and whoever asks is answered. */
function expectSound({ facts }: FidelityView): void {
  for (const { fact, state, why, occasions } of facts) {
    expect(why, fact).not.toBe("");
    if (state === "withheld") expect(occasions.withheld, fact).toBeGreaterThan(0);
    if (state === "missing") expect(occasions.missing, fact).toBeGreaterThan(0);
    const { told, ...untold } = occasions;
    if (state === "reported")
      expect(Object.values(untold), `${fact} told ${told}`).toEqual([0, 0, 0]);
  }
}
