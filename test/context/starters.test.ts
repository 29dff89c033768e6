import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { policyDocument } from "@custody/context";
import type { PolicyKind } from "@custody/model";
import { expect, test } from "vitest";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../packages/cli/starters", import.meta.url));
const starters = readdirSync(folder).map((file) => {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const [kind = "", says = ""] = text.split("\n").map((line) => line.replace(/^# ?/, ""));
  return { file, kind: kind as PolicyKind, says, text };
});

test.each(starters)(
  "$file is no policy until its owner and its reason are filled in",
  (starter) => {
    const verdict = policyDocument(starter.kind, parse(starter.text));
    const paths = verdict.outcome === "invalid" ? verdict.problems.map(({ path }) => path) : [];
    expect(paths).toContain("about.owner");
    expect(paths).toContain("about.reason");

    const filled = starter.text
      .replace('owner: ""', "owner: platform-security")
      .replace('reason: ""', "reason: agreed in change 17")
      .replace('config_digest: ""', `config_digest: ${"a".repeat(64)}`);
    expect(policyDocument(starter.kind, parse(filled))).toMatchObject({ outcome: "ok" });
  },
);

test("every starter says its kind and what it says, and is dated with an end", () => {
  for (const { kind, says, text } of starters) {
    const { about } = parse(text) as { about: { dated: string; expires: string } };
    expect(says.length).toBeGreaterThan(20);
    expect(Date.parse(about.expires)).toBeGreaterThan(Date.parse(about.dated));
    expect(policyDocument(kind, {})).toMatchObject({ outcome: "invalid" });
  }
  expect(starters.length).toBeGreaterThanOrEqual(4);
});
