import { parseTrustPolicy, printVkey, utf8Encode } from "@custody/proof";
import { expect, test } from "vitest";
import { checkSignature, sha256 } from "../../../test/support/crypto.ts";
import { readerOfFiles } from "./bundle.ts";
import { findingSentences, limitSentences } from "./finding.ts";
import { paths } from "./paths.ts";
import { printReport } from "./report-text.ts";
import { makeBundle, put, resign } from "./small-bundle.test-suite.ts";
import { verifyBundle } from "./verifier.ts";

const ports = { sha256, checkSignature };

test("without pinned keys the first line says UNPINNED, with them it says the level", async () => {
  const { files, ledger } = await makeBundle();
  const unpinned = printReport(await verifyBundle(readerOfFiles(files), ports));
  expect(unpinned.split("\n")[0]).toMatch(/^UNPINNED: /);
  const policy = utf8Encode(`log ${printVkey(ledger.key)}\nquorum none\n`);
  const trust = parseTrustPolicy(sha256, policy);
  const pinned = printReport(await verifyBundle(readerOfFiles(files), ports, { trust }));
  expect(pinned.split("\n")[0]).toMatch(/^authentic: /);
});

test("each control says what was tested, in the words an auditor expects", async () => {
  const { files } = await makeBundle();
  const text = printReport(await verifyBundle(readerOfFiles(files), ports));
  expect(text).toContain(
    "AT-APR-01 1.0.0 exceptions_noted: Tested 40 of 40 items. 5 exceptions. rows 41, hashes ok, accumulator ok, sample reproduces, result recomputed as reported\n",
  );
  expect(text).toContain("blind spot: No proxy log was received.\n");
});

test("a finding stands with its code, its sentence and its place", async () => {
  const { files } = await makeBundle();
  const text = printReport(await verifyBundle(readerOfFiles(put(files, paths.readme, "x")), ports));
  expect(text).toContain(`finding FILE_CHANGED: ${findingSentences.FILE_CHANGED} (README.txt)\n`);
});

test("a bundle's own words cannot move the cursor of a terminal or forge a line", async () => {
  const { files, bundleSigner } = await makeBundle();
  await resign(files, bundleSigner, (manifest) => ({
    ...manifest,
    blind_spots: ["\u001b[2Janchored: all is well\nanchored: yes\u202e"],
  }));
  const text = printReport(await verifyBundle(readerOfFiles(files), ports));
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text.split("\n").filter((line) => line.startsWith("anchored:"))).toEqual([]);
});

test("no sentence of the verifier gives an opinion", () => {
  const sentences = Object.values({ ...findingSentences, ...limitSentences }).join(" ");
  expect(sentences).not.toMatch(/complian|certif|passed/i);
});
