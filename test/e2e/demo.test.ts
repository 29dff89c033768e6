import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBundle } from "../support/open-bundle.ts";
import { custody, removeFolder, temporaryFolder } from "./custody-process.ts";

// The demo is run once, as a newcomer runs it; what its bundle must hold is written here by hand from the demo's script.

const folder = temporaryFolder("demo");
const bundle = join(folder, "evidence.zip");
let run: Awaited<ReturnType<typeof custody>>;
let read: (path: string) => Promise<string>;

beforeAll(async () => {
  run = await custody(["demo", "--keep", bundle]);
  read = openBundle(bundle);
});

afterAll(() => removeFolder(folder));

interface ManifestControl {
  readonly id: string;
  readonly result: string;
  readonly in_scope: number;
  readonly exceptions: number;
}

test("the demo exits 0 and shows the refusal of the changed bundle with the right words", () => {
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  expect(run.stdout).toContain("self_consistent: the bundle agrees with itself.");
  expect(run.stdout).toContain("REFUSED FILE_CHANGED: A file is not the one the manifest lists");
  expect(run.stdout).toContain(
    "REFUSED ROWS_CHANGED: A row was changed: as many rows as were sealed, with another content.",
  );
  expect(run.stdout.trimEnd().endsWith("The changed bundle was refused.")).toBe(true);
});

test("every control comes out as the demo's script says", async () => {
  const manifest = JSON.parse(await read("manifest.json")) as {
    readonly controls: readonly ManifestControl[];
  };
  const said = manifest.controls.map(({ id, result, in_scope, exceptions }) => ({
    id,
    result,
    in_scope,
    exceptions,
  }));
  expect(said).toEqual([
    // One session, in one attested and approved profile.
    { id: "AT-SBX-01", result: "no_exceptions", in_scope: 1, exceptions: 0 },
    // Two acts need a person: the push, which Carol refused and which did not run, and the installation, which nobody was asked about.
    { id: "AT-APR-01", result: "exceptions_noted", in_scope: 1, exceptions: 1 },
    // One flow was let through, to the one host on the list; the other was refused by the proxy and is out of scope.
    { id: "AT-NET-01", result: "no_exceptions", in_scope: 1, exceptions: 0 },
    // One session, with its end.
    { id: "AT-TEL-01", result: "no_exceptions", in_scope: 1, exceptions: 0 },
    // No anchor outside the operator's control exists.
    { id: "AT-LOG-01", result: "unable_to_test", in_scope: 0, exceptions: 0 },
  ]);
});

test("the one exception is the demo's own unapproved act", async () => {
  const lines = (await read("controls/AT-APR-01/exceptions.csv")).trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"demo-session-1/call_install_unasked"');
  expect(lines[1]).toContain('"APR01-NODEC"');
});

test("the first page says first how much is observed, then what could not be seen, and that no anchor exists", async () => {
  const page = await read("controls/AT-APR-01/narrative.html");
  const order = [
    '<p class="first">No anchor outside the operator',
    "How much is observed, reported, derived and inferred",
    "What could not be seen",
    "Control statement",
  ].map((words) => page.indexOf(words));
  expect(order.every((place, at) => place > (order[at - 1] ?? 0))).toBe(true);
  expect(page).toMatch(/default-src 'none'/);
  const manifest = JSON.parse(await read("manifest.json")) as {
    readonly blind_spots: readonly string[];
  };
  expect(manifest.blind_spots[0]).toBe("No anchor outside the operator's control exists.");
});

test("the bundle holds nothing executable", async () => {
  const names = openBundle.paths(bundle);
  expect(
    names.filter(
      (name) =>
        !/\.(json|jsonl|csv|sql|yaml|html|txt|pem|vkey|tlog-proof)$|^SHA256SUMS$|^log\/(run-)?checkpoint$/.test(
          name,
        ),
    ),
  ).toEqual([]);
  expect(await read("controls/AT-APR-01/narrative.html")).not.toMatch(/<script|javascript:/i);
});
