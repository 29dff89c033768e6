import { readdirSync } from "node:fs";
import { dialects } from "@custody/dialects";
import type { Dialect, Drift, SignalView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { capturedAgents, capturedScenarios, capturesFolder, writtenOf } from "./captured-agents.ts";
import { capturedBodies, capturedItems, itemsOf, tell } from "./captured-items.ts";

// The drift alarm: silent on every capture, and not silent where a capture is changed as a new release might change it.

describe.each(capturedAgents)("captures of %s", (agent) => {
  test.each(capturedScenarios(agent))(
    "%s: nothing strays from what its dialect expects",
    (scenario) => {
      const { drift } = tell(capturedItems(agent, scenario));
      const { foreign = [] } = writtenOf(agent);
      const strays = drift.filter(
        ({ kind, name }) => kind !== "unclaimed" || !foreign.includes(name),
      );
      expect(strays).toEqual([]);
    },
  );
});

const otlpSignals: readonly string[] = ["traces", "logs", "metrics"];

/** Every OTLP item of every capture, whether its truth was written down or not. */
const everything = readdirSync(capturesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => capturedScenarios(name).flatMap((one) => capturedBodies(name, one)))
  .filter(({ signal }) => otlpSignals.includes(signal))
  .flatMap((body) => itemsOf(body));

function claimedBy(dialect: Dialect): readonly SignalView[] {
  return everything.filter((item) => dialects.find((one) => one.claims(item)) === dialect);
}

describe.each(dialects.filter(({ expects }) => expects !== undefined))(
  "what the dialect $name expects",
  (dialect) => {
    const { expects } = dialect;
    const items = claimedBy(dialect);

    test("is in every item of that name in every capture", () => {
      const absent = new Set<string>();
      for (const item of items) {
        const event = expects?.eventOf(item);
        for (const name of expects?.attributes.get(event ?? "") ?? []) {
          if (item.attributes.value(name) === undefined) absent.add(`${event}/${name}`);
        }
      }
      expect([...absent]).toEqual([]);
    });

    test("holds every release that a capture is of", () => {
      if (expects?.versions === undefined) return;
      const strays = items.flatMap((item) => tell([item]).drift);
      expect(strays.filter(({ kind }) => kind === "version_unseen")).toEqual([]);
    });
  },
);

/** One captured item by its event, changed as text the way a new release might change it. */
function changed(event: string, change: (otlp: string) => string): readonly Drift[] {
  const [agent, name] = event.split(":");
  const found = capturedItems(agent ?? "", "tool-edit").find(
    (item) => item.signal === "log" && item.attributes.text("event.name") === name,
  );
  if (found === undefined) throw new Error(`no ${event}`);
  const bytes = new TextEncoder().encode(change(found.json()));
  return tell(itemsOf({ signal: "logs", encoding: "json", bytes, decoded: undefined })).drift;
}

const rename = (from: string, to: string) => (otlp: string) =>
  otlp.replaceAll(JSON.stringify(from), JSON.stringify(to));

describe("a new release that", () => {
  test("renames an event is heard by the event's new name, under its agent and release", () => {
    expect(
      changed("codex:codex.tool_result", rename("codex.tool_result", "codex.tool_outcome")),
    ).toEqual([
      { agent: "codex", version: "0.169.0", kind: "unknown_event", name: "codex.tool_outcome" },
    ]);
  });

  test("renames an attribute that the event cannot be read without is heard by the attribute alone", () => {
    expect(changed("claude-code:tool_decision", rename("tool_use_id", "tool.id"))).toEqual([
      {
        agent: "claude-code",
        version: "2.1.330",
        kind: "attribute_missing",
        name: "tool_decision/tool_use_id",
      },
    ]);
  });

  test("renames the tokens of a Codex response is heard, though the event then reads like its doubled copy", () => {
    const items = capturedItems("codex", "tool-edit").filter(
      (item) => item.attributes.value("input_token_count") !== undefined,
    );
    const drift = items.flatMap((item) => {
      const bytes = new TextEncoder().encode(rename("input_token_count", "tokens_in")(item.json()));
      return tell(itemsOf({ signal: "logs", encoding: "json", bytes, decoded: undefined })).drift;
    });
    expect(new Set(drift.map(({ kind, name }) => `${kind} ${name}`))).toEqual(
      new Set(["attribute_missing codex.sse_event response.completed/input_token_count"]),
    );
    expect(drift.length).toBe(4);
  });

  test("keeps every name and says another version is heard by its version", () => {
    const drift = changed("claude-code:user_prompt", rename("2.1.330", "2.2.0"));
    expect(drift).toEqual([
      { agent: "claude-code", version: "2.2.0", kind: "version_unseen", name: "" },
    ]);
  });

  test("keeps a name and says something unreadable under it is heard as such", () => {
    const drift = changed("codex:codex.tool_decision", (otlp) =>
      otlp.replace(/("key":"call_id","value":\{"stringValue":)"[^"]+"/, '$1""'),
    );
    expect(drift.map(({ kind }) => kind)).toEqual(["unreadable_event"]);
  });
});

test("what nobody claims is heard under the name of its service", () => {
  const request = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "billing" } }] },
        scopeSpans: [{ scope: { name: "http" }, spans: [{ name: "GET /invoices" }] }],
      },
    ],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const { drift } = tell(
    itemsOf({ signal: "traces", encoding: "json", bytes, decoded: undefined }),
  );
  expect(drift).toEqual([
    { agent: "billing", version: undefined, kind: "unclaimed", name: "GET /invoices" },
  ]);
});
