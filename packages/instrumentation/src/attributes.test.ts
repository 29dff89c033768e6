import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  approvers,
  custody,
  scopes,
  spanKinds,
  toolKinds,
  toolStatuses,
  trusts,
  verdicts,
} from "./attributes.ts";
import { version } from "./version.ts";

const folder = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", folder), "utf8");
const rows = new Map(
  [...readme.matchAll(/^\| `(custody\.[a-z_.]+)` \| (.*)$/gm)].map(([, name, row]) => [name, row]),
);

test("the README documents every custody attribute, and no other", () => {
  expect([...rows.keys()].sort()).toEqual([...Object.values(custody)].sort());
});

test.each([
  [custody.spanKind, spanKinds],
  [custody.approvalVerdict, verdicts],
  [custody.approvalBy, approvers],
  [custody.approvalScope, scopes],
  [custody.toolStatus, toolStatuses],
  [custody.toolKind, toolKinds],
  [custody.observationTrust, trusts],
])("the README lists the closed values of %s in order", (name, values) => {
  expect(rows.get(name)).toContain(values.map((value) => `\`${value}\``).join(" "));
});

test("the version on every span is the version of the package", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  expect(manifest).toMatchObject({ version });
});
