import { canonicalText } from "@custody/model";
import { hexEncode, utf8Encode } from "@custody/proof";
import { expect, test } from "vitest";
import { checkSignature, createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import { readerOfFiles } from "./bundle.ts";
import type { FindingCode } from "./finding.ts";
import type { Manifest } from "./manifest.ts";
import { controlPath, paths, recordsPath, sealProofPath } from "./paths.ts";
import { parseResult, printResult } from "./result.ts";
import { printRow } from "./row.ts";
import {
  type Files,
  makeBundle,
  put,
  resign,
  type SmallBundle,
  textOf,
} from "./small-bundle.test-suite.ts";
import { SmallLedger } from "./small-ledger.test-suite.ts";
import { verifyBundle } from "./verifier.ts";

const ports = { sha256, checkSignature };
const id = "AT-APR-01";
const records = recordsPath("tool_call");
const population = controlPath(id, "population");

const codesOf = async (files: Files): Promise<Set<FindingCode>> => {
  const report = await verifyBundle(readerOfFiles(files), ports);
  expect(report.level === "failed").toBe(report.findings.length > 0);
  return new Set(report.findings.map(({ code }) => code));
};

const linesOf = (files: Files, path: string): string[] => textOf(files, path).trimEnd().split("\n");
const putLines = (files: Files, path: string, lines: readonly string[]): Files =>
  put(files, path, lines.map((line) => `${line}\n`).join(""));
const line = (lines: readonly string[], i: number): string => lines.at(i) ?? "";
const canonicalOf = (row: string): string => JSON.parse(row).c;
const leafOf = (row: string): number => JSON.parse(row).i;
const shaOf = (row: string): string => hexEncode(sha256(utf8Encode(canonicalOf(row))));

/** A careful forger renames a digest everywhere: population, exceptions, sample. */
function renameDigest(files: Files, before: string, after: string): void {
  for (const path of [...files.keys()].filter((name) => name.startsWith("controls/"))) {
    put(files, path, textOf(files, path).replaceAll(before, after));
  }
}

/** … and makes every count say what the shortened or lengthened files say. */
function recount(files: Files, rows: number): (manifest: Manifest) => Manifest {
  const items = linesOf(files, population).slice(1);
  const inScope = items.filter((item) => item.includes('","1","')).length;
  const exceptions = linesOf(files, controlPath(id, "exceptions")).length - 1;
  const result = parseResult(files.get(controlPath(id, "result")) ?? new Uint8Array(0));
  files.set(
    controlPath(id, "result"),
    printResult({
      ...result,
      population: { ...result.population, class_records: rows, in_scope: inScope },
      exceptions,
    }),
  );
  return (manifest) => ({
    ...manifest,
    grades: { ...manifest.grades, reported: manifest.grades.reported + rows - 41 },
    controls: manifest.controls.map((control) =>
      control.id === id ? { ...control, population: rows, in_scope: inScope, exceptions } : control,
    ),
  });
}

type Tamper = (bundle: SmallBundle) => void | Promise<void> | ((manifest: Manifest) => Manifest);

const changeByte: Tamper = ({ files }) => {
  const rows = linesOf(files, records);
  const before = line(rows, 7);
  const after = printRow(leafOf(before), canonicalOf(before).replace('"c7"', '"cX"')).trimEnd();
  expect(after).not.toBe(before);
  putLines(files, records, rows.with(7, after));
  renameDigest(files, shaOf(before), shaOf(after));
};

const deleteRow: Tamper = ({ files }) => {
  putLines(files, records, linesOf(files, records).toSpliced(8, 1));
  putLines(files, population, linesOf(files, population).toSpliced(9, 1));
  return recount(files, 40);
};

const insertRow: Tamper = ({ files }) => {
  const rows = linesOf(files, records);
  const model = line(rows, 10);
  const leaf = leafOf(model) + 1;
  expect(rows.some((row) => leafOf(row) === leaf)).toBe(false);
  const forged = printRow(leaf, canonicalOf(model).replace('"c10"', '"invented"')).trimEnd();
  putLines(files, records, rows.toSpliced(11, 0, forged));
  const items = linesOf(files, population);
  const item = line(items, 11)
    .replace(shaOf(model), shaOf(forged))
    .replace(`"${leaf - 1}"`, `"${leaf}"`);
  putLines(files, population, items.toSpliced(12, 0, item));
  return recount(files, 42);
};

const swapRows: Tamper = ({ files }) => {
  const rows = linesOf(files, records);
  const [a, b] = [line(rows, 3), line(rows, 4)];
  const swapped = [printRow(leafOf(a), canonicalOf(b)), printRow(leafOf(b), canonicalOf(a))];
  putLines(
    files,
    records,
    rows.with(3, line(swapped, 0).trimEnd()).with(4, line(swapped, 1).trimEnd()),
  );
  renameDigest(files, shaOf(a), "A");
  renameDigest(files, shaOf(b), shaOf(a));
  renameDigest(files, 'A"', `${shaOf(b)}"`);
};

const swapLines: Tamper = ({ files }) => {
  const rows = linesOf(files, records);
  putLines(files, records, rows.with(3, line(rows, 4)).with(4, line(rows, 3)));
};

const truncateTail: Tamper = ({ files }) => {
  putLines(files, records, linesOf(files, records).slice(0, -3));
  putLines(files, population, linesOf(files, population).slice(0, -3));
  return recount(files, 38);
};

const olderCheckpoint: Tamper = ({ files }) => {
  put(files, paths.checkpoint, textOf(files, paths.runCheckpoint));
  const [, size, root] = textOf(files, paths.runCheckpoint).split("\n");
  return (manifest) => ({
    ...manifest,
    log: { ...manifest.log, size: Number(size), root: root ?? "" },
  });
};

const changeSample: Tamper = ({ files }) => {
  const path = controlPath(id, "sample");
  const sample = linesOf(files, path);
  const drawn = new Set(sample.map((item) => item.split(",")[1]));
  const other = linesOf(files, population).find(
    (item, i) => i > 0 && item.includes('","1","') && !drawn.has(item.split(",")[1]),
  );
  const [leaf, sha] = (other ?? "").split(",");
  putLines(files, path, sample.with(2, `${leaf},${sha},"random"`));
};

const changeQuery: Tamper = ({ files }) => {
  const path = controlPath(id, "query");
  put(files, path, `${textOf(files, path)}WHERE 1 = 0\n`);
  const digest = hexEncode(sha256(files.get(path) ?? new Uint8Array(0)));
  return (manifest) => ({
    ...manifest,
    controls: manifest.controls.map((control) =>
      control.id === id ? { ...control, query_sha256: digest } : control,
    ),
  });
};

/** Each way of tampering, and the one code that is its own. */
const tampers: readonly (readonly [string, FindingCode, Tamper])[] = [
  ["a changed byte in a row", "ROWS_CHANGED", changeByte],
  ["a deleted row", "ROWS_DELETED", deleteRow],
  ["an inserted row", "ROWS_INSERTED", insertRow],
  ["two rows that traded places", "ROWS_SWAPPED", swapRows],
  ["a truncated tail with its counts", "ROWS_TRUNCATED", truncateTail],
  ["a replaced checkpoint", "CHECKPOINT_REPLACED", olderCheckpoint],
  ["a changed sample", "SAMPLE_MISMATCH", changeSample],
  ["a changed query", "RUN_QUERY", changeQuery],
];
const ownCodes = tampers.map(([, code]) => code);

async function forge(tamper: Tamper): Promise<Files> {
  const bundle = await makeBundle();
  const edit = await tamper(bundle);
  await resign(bundle.files, bundle.bundleSigner, typeof edit === "function" ? edit : undefined);
  return bundle.files;
}

test.each(tampers)(
  "%s fails as itself although the bundle key signed it all again",
  async (_, own, tamper) => {
    const codes = await codesOf(await forge(tamper));
    expect(ownCodes.filter((code) => codes.has(code))).toEqual([own]);
    // The forger did their work: nothing that the bundle key can mend gives the forgery away.
    for (const mended of [
      "FILE_CHANGED",
      "CHECKSUMS_MISMATCH",
      "BUNDLE_SIGNATURE",
      "STATEMENT_MISMATCH",
    ] as const) {
      expect(codes).not.toContain(mended);
    }
  },
);

test.each(tampers)("%s without the bundle key shows in the file list", async (_, __, tamper) => {
  const bundle = await makeBundle();
  await tamper(bundle);
  expect(await codesOf(bundle.files)).toContain("FILE_CHANGED");
});

const also: readonly (readonly [string, FindingCode, Tamper])[] = [
  ["two lines in another order", "ROWS_SWAPPED", swapLines],
  [
    "a whole class left out",
    "ROWS_MISSING",
    ({ files }) => {
      files.delete(recordsPath("policy"));
    },
  ],
  [
    "a row moved to another class",
    "ROW_CLASS",
    ({ files }) => {
      const rows = linesOf(files, records);
      const [moved] = rows.splice(5, 1);
      putLines(files, records, rows);
      putLines(files, recordsPath("egress"), [
        moved ?? "",
        ...linesOf(files, recordsPath("egress")),
      ]);
    },
  ],
  [
    "a row of another tenant",
    "ROW_TENANT",
    ({ files }) => {
      put(files, records, textOf(files, records).replace('tenant\\":\\"acme', 'tenant\\":\\"evil'));
    },
  ],
  [
    "a row with white space in its record",
    "ROW_CANONICAL",
    ({ files }) => {
      put(files, records, textOf(files, records).replace('{\\"body\\"', '{ \\"body\\"'));
    },
  ],
  [
    "a line that is no row",
    "ROW_FORMAT",
    ({ files }) => {
      put(files, records, `${textOf(files, records)}{}\n`);
    },
  ],
  [
    "an exception struck from the list and the population",
    "RUN_EXCEPTIONS",
    ({ files }) => {
      const path = controlPath(id, "exceptions");
      putLines(files, path, linesOf(files, path).toSpliced(1, 1));
      put(files, population, textOf(files, population).replace('"APR01-NODEC"', '""'));
      return recount(files, 41);
    },
  ],
  [
    "an exception struck from the list alone",
    "EXCEPTIONS_MISMATCH",
    ({ files }) => {
      const path = controlPath(id, "exceptions");
      putLines(files, path, linesOf(files, path).toSpliced(1, 1));
    },
  ],
  [
    "an item left out of the population",
    "RUN_POPULATION",
    ({ files }) => {
      putLines(files, population, linesOf(files, population).toSpliced(3, 1));
      return recount(files, 41);
    },
  ],
  [
    "an item that is no record",
    "POPULATION_ROWS",
    ({ files }) => {
      put(
        files,
        population,
        textOf(files, population).replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`),
      );
    },
  ],
  [
    "a kinder result",
    "RESULT_MISMATCH",
    ({ files }) => {
      const path = controlPath(id, "result");
      const result = parseResult(files.get(path) ?? new Uint8Array(0));
      files.set(path, printResult({ ...result, result: "no_exceptions" }));
      return (manifest) => ({
        ...manifest,
        controls: manifest.controls.map((control) =>
          control.id === id ? { ...control, result: "no_exceptions" } : control,
        ),
      });
    },
  ],
  [
    "other parameters",
    "RUN_PARAMS",
    ({ files }) => {
      put(files, controlPath(id, "params"), "{}");
    },
  ],
  [
    "another text of the control",
    "RUN_CONTROL",
    ({ files }) => {
      put(files, controlPath(id, "control"), "id: AT-APR-01\nstatement: weaker\n");
    },
  ],
  [
    "another narrative",
    "RUN_CONTENT",
    ({ files }) => {
      put(files, controlPath(id, "narrative"), "<p>All good.</p>");
    },
  ],
  [
    "a control left out",
    "RUN_CONTROLS",
    ({ files }) => {
      for (const path of [...files.keys()])
        if (path.startsWith(`controls/${id}/`)) files.delete(path);
      return (manifest) => ({
        ...manifest,
        controls: manifest.controls.filter((control) => control.id !== id),
      });
    },
  ],
  [
    "another period",
    "RUN_BUNDLE",
    () => (manifest) => ({
      ...manifest,
      period: { ...manifest.period, start: "2026-02-01T00:00:00.000000000Z" },
    }),
  ],
  [
    "another catalogue",
    "RUN_BUNDLE",
    () => (manifest) => ({
      ...manifest,
      catalogue: { ...manifest.catalogue, sha256: "cd".repeat(32) },
    }),
  ],
  [
    "a brighter grade line",
    "GRADES_MISMATCH",
    () => (manifest) => ({
      ...manifest,
      grades: { ...manifest.grades, observed: 5, reported: manifest.grades.reported - 5 },
    }),
  ],
  [
    "a narrower range of seals",
    "SEAL_MISSING",
    () => (manifest) => ({ ...manifest, seals: { ...manifest.seals, to: manifest.seals.to - 1 } }),
  ],
  [
    "a period that reaches past its closing seal",
    "SEAL_PERIOD",
    () => (manifest) => ({ ...manifest, period: { ...manifest.period, lateness_s: 864_000 } }),
  ],
  [
    "a changed seal",
    "SEAL_PROOF",
    ({ files }) => {
      put(files, paths.seals, textOf(files, paths.seals).replace('gaps\\":0', 'gaps\\":1'));
    },
  ],
  [
    "a seal without its proof",
    "SEAL_PROOF",
    ({ files }) => {
      for (const path of [...files.keys()]) if (path.startsWith("log/proofs/")) files.delete(path);
    },
  ],
  [
    "a changed run record",
    "RUN_PROOF",
    ({ files }) => {
      const { i, c } = JSON.parse(textOf(files, paths.run));
      const record = JSON.parse(c);
      record.body.detail.controls[0].exceptions = 0;
      put(files, paths.run, printRow(i, canonicalText(record)));
    },
  ],
  [
    "a file that nobody lists",
    "FILE_EXTRA",
    ({ files }) => {
      put(files, "controls/AT-APR-01/run-me.sh", "#!/bin/sh\n");
    },
  ],
];
test.each(also)(
  "%s is found although the bundle key signed it all again",
  async (_, code, tamper) => {
    expect(await codesOf(await forge(tamper))).toContain(code);
  },
);

test("a bundle signed again with a key that is not the run's is found", async () => {
  const { files } = await makeBundle();
  const thief = createTestSigner();
  const { printPublicKeyPem } = await import("./public-key.ts");
  put(files, paths.bundleKey, printPublicKeyPem(thief.publicKey));
  await resign(files, thief);
  expect([...(await codesOf(files))]).toEqual(["BUNDLE_KEY_UNCOMMITTED"]);
});

test("a forked tree signed by the log itself does not grow from the run's checkpoint", async () => {
  const bundle = await makeBundle();
  const { files, ledger, bundleSigner } = bundle;
  const fork = new SmallLedger(ledger.signer);
  for (const { leaf } of ledger.leaves)
    fork.append("heartbeat", "2026-01-01T00:00:00.000000000Z", { leaf });
  const checkpoint = await fork.signed();
  put(files, paths.checkpoint, checkpoint);
  put(files, paths.consistency, fork.growth(60, checkpoint));
  await resign(files, bundleSigner, (manifest) => ({
    ...manifest,
    log: { ...manifest.log, root: checkpoint.split("\n")[2] ?? "" },
  }));
  const codes = await codesOf(files);
  expect(codes).toContain("CHECKPOINT_REPLACED");
  expect(codes).toContain("RUN_PROOF");
});

test("a proof borrowed from another leaf does not place a seal", async () => {
  const { files, ledger, bundleSigner } = await makeBundle();
  const [path] = [...files.keys()].filter((name) => name.startsWith("log/proofs/"));
  put(files, path ?? "", ledger.proof(0, textOf(files, paths.checkpoint)));
  await resign(files, bundleSigner);
  expect(await codesOf(files)).toContain("SEAL_PROOF");
});

test("an agent's record that looks like a run record is not believed", async () => {
  const { files, ledger, bundleSigner } = await makeBundle();
  const { body } = JSON.parse(JSON.parse(textOf(files, paths.run)).c);
  const forged = ledger.append("integrity", "2026-07-03T00:00:00.000000000Z", body);
  const checkpoint = await ledger.signed();
  put(files, paths.checkpoint, checkpoint);
  put(files, paths.consistency, ledger.growth(body.detail.checkpoint.size, checkpoint));
  put(files, paths.run, printRow(forged.leaf, forged.canonical));
  put(files, paths.runProof, ledger.proof(forged.leaf, checkpoint));
  for (const seal of ledger.leaves.filter((leaf) => files.has(sealProofPath(leaf.sha)))) {
    put(files, sealProofPath(seal.sha), ledger.proof(seal.leaf, checkpoint));
  }
  await resign(files, bundleSigner, (manifest) => ({
    ...manifest,
    run: { leaf_index: forged.leaf, record_sha256: forged.sha },
    log: {
      ...manifest.log,
      size: ledger.leaves.length,
      root: checkpoint.split("\n")[2] ?? "",
    },
  }));
  expect([...(await codesOf(files))]).toEqual(["RUN_FORMAT"]);
});
