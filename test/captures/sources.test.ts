import { dialects, sourceProfiles } from "@custody/dialects";
import { type SourceFact, type SourceLevel, sourceFacts } from "@custody/model";
import { expect, test } from "vitest";
import { committedBlock, generatedBlock } from "../support/generated-block.ts";
import { capabilitiesOf, unbackedCells } from "./backing.ts";

// What the README says that each agent tells, held against what their captures tell.

test("every dialect that reads an agent's words says what its sources can tell", () => {
  const silent = dialects.filter(({ name, profiles = [] }) => {
    return name !== "opaque" && profiles.length === 0;
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test("every cell of the table is borne out by the capture it names", () => {
  expect(unbackedCells()).toEqual([]);
});

test("nobody is described twice", () => {
  const titles = sourceProfiles.map(({ profile }) => profile.title);
  expect(new Set(titles).size).toBe(titles.length);
  const agents = sourceProfiles.map(({ dialect, profile }) => `${dialect} ${profile.agent ?? "-"}`);
  expect(new Set(agents).size).toBe(agents.length);
});

test("every reason is a sentence, and no remedy is one", () => {
  const cells = sourceProfiles.flatMap(({ profile }) => Object.values(profile.facts));
  for (const { why, remedy } of cells) {
    expect(why).toMatch(/^[\p{Lu}`].*[^.]\.$/u);
    if (remedy !== undefined) expect(remedy).not.toMatch(/\.$/);
  }
});

/** What a session record says of the same fact (`can`). */
const capabilities: Readonly<Partial<Record<SourceFact, string>>> = {
  prompt: "prompt",
  arguments: "arguments",
  result: "results",
  approval: "approvals",
  sandbox: "sandbox",
  egress: "egress",
  identity: "identity",
};

test("a session record promises what the table calls full, and nothing that is not exported", () => {
  const wrong = sourceProfiles.flatMap((source) => {
    const can = capabilitiesOf(source);
    if (can.size === 0) return [];
    return Object.entries(capabilities).flatMap(([fact, capability]) => {
      const { level } = source.profile.facts[fact as SourceFact];
      if (level === "full" && !can.has(capability))
        return [`${source.profile.title} can ${capability}`];
      return level === "not_exported" && can.has(capability)
        ? [`${source.profile.title} cannot ${capability}`]
        : [];
    });
  });
  expect(wrong).toEqual([]);
});

const words: Readonly<Record<SourceLevel, string>> = {
  full: "full",
  partial: "partial",
  withheld: "withheld by default",
  not_exported: "not exported",
};

/** One row a profile, in registry order; a cell leads to the capture that shows it. */
function sourceTable(): string {
  const head = ["agent", ...sourceFacts.map((fact) => fact.replaceAll("_", " "))];
  const rows = sourceProfiles.map(({ profile }) => [
    profile.basis === undefined
      ? profile.title
      : `${profile.title} (by its ${profile.basis} alone)`,
    ...sourceFacts.map((fact) => {
      const { level, fixture } = profile.facts[fact];
      return profile.basis === undefined
        ? `[${words[level]}](test/fixtures/captures/${fixture})`
        : words[level];
    }),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return generatedBlock("sources", [
    line(head),
    `|${"---|".repeat(head.length)}`,
    ...rows.map(line),
  ]);
}

test("the README's table of what each agent tells is the one of these profiles", () => {
  const fresh = sourceTable();
  expect(committedBlock("sources", fresh), "it was stale and is rewritten: commit it").toBe(fresh);
});
