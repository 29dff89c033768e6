import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { refusals as ingestRefusals, metricTable } from "@custody/collector";
import { indicatorTable, layers } from "@custody/context";
import { limits } from "@custody/model";
import { refusals as readRefusals } from "@custody/query-api";
import { expect, test } from "vitest";
import { configSchema } from "../../packages/cli/src/config.ts";
import { claimAttempts } from "../../packages/cli/src/doctor/attack/claim-attempts.ts";
import { doorAttempts } from "../../packages/cli/src/doctor/attack/door-attempts.ts";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));
/** Set to write the tables instead of comparing them. */
const write = process.env["CUSTODY_WRITE_TABLES"] === "1";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Holds the README's table `name` to `expected`. */
function holdTable(readme: string, name: string, expected: string): void {
  const path = `${packages}/${readme}`;
  const text = readFileSync(path, "utf8");
  const parts = new RegExp(`(<!-- table ${name}:[^\n]*-->\n)([^]*?)(<!-- table end -->)`).exec(
    text,
  );
  expect(parts, `${readme} has a table ${name}`).not.toBeNull();
  const [, start = "", found = "", end = ""] = parts ?? [];
  if (write)
    writeFileSync(
      path,
      text.replace(start + found + end, () => `${start}${expected}\n${end}`),
    );
  else expect(found.trimEnd(), "run again with CUSTODY_WRITE_TABLES=1").toBe(expected);
}

/** The sentence above each member of a constant, where it has one of its own. */
function comments(path: string): ReadonlyMap<string, string> {
  const lines = readFileSync(`${packages}/${path}`, "utf8").split("\n");
  return new Map(
    lines.flatMap((line, at) => {
      const name = /^ {2}(\w+): /.exec(line)?.[1];
      const said = /^ {2}\/\*\* (.*) \*\/$/.exec(lines[at - 1] ?? "")?.[1];
      return name === undefined || said === undefined ? [] : [[name, said] as const];
    }),
  );
}

test("the table of limits says what the limits are", () => {
  const said = comments("model/src/limits.ts");
  const rows = Object.entries(limits).map(([name, value]) => [
    `\`${name}\``,
    value.toLocaleString("en-US"),
    said.get(name) ?? "",
  ]);
  holdTable("model/README.md", "limits", table(["limit", "value", "bounds"], rows));
});

test("the table of configuration keys says what the command reads", () => {
  const defaults: Readonly<Record<string, unknown>> = configSchema.parse({});
  const rows = Object.entries(configSchema.shape).map(([name, schema]) => [
    `\`${name}\``,
    name in defaults ? `\`${JSON.stringify(defaults[name])}\`` : "",
    schema.description ?? "",
  ]);
  holdTable("cli/README.md", "config", table(["key", "default", "meaning"], rows));
});

test("the tables of refusals say every code the services answer", () => {
  const ingest = Object.entries(ingestRefusals).map(([code, { status, grpc, title }]) => [
    `\`${code}\``,
    String(status),
    String(grpc),
    title,
  ]);
  const head = ["code", "HTTP", "gRPC code in a `Status`", "meaning"];
  holdTable("collector/README.md", "refusals", table(head, ingest));
  const read = Object.entries(readRefusals).map(([code, { status, title }]) => [
    `\`${code}\``,
    String(status),
    title,
  ]);
  holdTable("query-api/README.md", "refusals", table(["code", "HTTP", "meaning"], read));
});

test("the table of metrics says what is served at /metrics, and in which unit", () => {
  const rows = Object.entries(metricTable).map(([name, { kind, unit, labels, help }]) => [
    `\`${name}${labels.length === 0 ? "" : `{${labels.join(",")}}`}\``,
    kind,
    unit,
    help,
  ]);
  const head = ["metric", "kind", "unit", "meaning"];
  holdTable("collector/README.md", "metrics", table(head, rows));
});

test("the table of indicators says what each counts, and when it is at which level", () => {
  const rows = layers.flatMap((layer) =>
    indicatorTable[layer].map(({ id, title, rules }) => [layer, `\`${id}\``, title, ...rules]),
  );
  const head = ["layer", "indicator", "counts", "level 1", "level 2", "level 3"];
  holdTable("context/README.md", "indicators", table(head, rows));
});

test("the table of forgeries says what is tried from an agent's account, and what comes of it", () => {
  const rows = [...claimAttempts, ...doorAttempts].map(({ name, tries, comes }) => [
    `\`${name}\``,
    tries,
    comes,
  ]);
  const head = ["attempt", "an agent tries", "what comes of it"];
  holdTable("../SECURITY.md", "forgeries", table(head, rows));
});
