import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFileSigner } from "@custody/ledger";
import {
  addSignatures,
  cosign,
  createNoteKey,
  parseSignedCheckpoint,
  printVkey,
  type Signer,
} from "@custody/proof";
import { findingSentences, paths, printPublicKeyPem, type Report } from "@custody/verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type BundleFiles,
  readBundleFiles,
  resign,
  writeBundleFiles,
} from "../support/bundle-files.ts";
import { createTestSigner, sha256, type TestSigner } from "../support/crypto.ts";
import { recordPeriod, replay } from "../support/real-period.ts";
import { isTailDrawn, tampers } from "../support/tampers.ts";
import {
  type CustodyProcess,
  custody,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";

// What an auditor is handed, and what somebody who made it may have done to it: all through the shell, offline.

const folder = temporaryFolder("tamper");
const at = (name: string): string => join(folder, name);
const began = new Date(Date.now() - 1_000).toISOString();
const tampered = tampers.map(({ code }) => code);
/** Findings that show only that a file is not the listed one: gone as soon as the bundle key has signed another list. */
const mendable = ["FILE_CHANGED", "CHECKSUMS_MISMATCH", "BUNDLE_SIGNATURE", "STATEMENT_MISMATCH"];

let bundleKey: Signer;
let vkey: string;
let otherVkey: string;

beforeAll(async () => {
  const running = await startCustody(at("data"));
  await recordPeriod(running);
  await exported(running, "first.zip");
  await replay(running, "codex", "mcp-tools");
  await exported(running, "second.zip", "--previous", at("first.zip"));
  vkey = await vkeyOf(running);
  expect(await running.stop()).toBe(0);
  bundleKey = await openFileSigner(at("data/bundle.key"));
  const other = await startCustody(at("other"));
  await replay(other, "codex", "tool-edit");
  await exported(other, "other.zip");
  otherVkey = await vkeyOf(other);
  expect(await other.stop()).toBe(0);
});

afterAll(() => removeFolder(folder));

async function vkeyOf(running: CustodyProcess): Promise<string> {
  const { ledgers } = (await running.get("/v1/status")) as {
    readonly ledgers: readonly { readonly vkey: string }[];
  };
  return ledgers[0]?.vkey ?? "";
}

async function exported(
  running: CustodyProcess,
  name: string,
  ...more: readonly string[]
): Promise<void> {
  const period = ["--framework", "soc2", "--from", began, "--to", "2100-01-01"];
  const access = ["--api", running.api, "--key", running.adminKey];
  const { code, stderr } = await custody([
    "export",
    ...period,
    "--out",
    at(name),
    ...access,
    ...more,
  ]);
  expect(code, stderr).toBe(0);
}

interface Verdict {
  readonly code: number | null;
  readonly report: Report;
  readonly found: readonly string[];
}

async function verified(name: string, ...more: readonly string[]): Promise<Verdict> {
  const { code, stdout, stderr } = await custody(["verify", at(name), "--json", ...more]);
  if (stdout === "") throw new Error(stderr);
  const report = JSON.parse(stdout) as Report;
  return { code, report, found: [...new Set(report.findings.map((finding) => finding.code))] };
}

/** A trust policy in C2SP tlog-policy form. */
function trust(name: string, lines: readonly string[]): string {
  writeFileSync(at(name), lines.map((line) => `${line}\n`).join(""));
  return at(name);
}

async function changed(name: string, change: (files: BundleFiles) => Promise<void>): Promise<void> {
  const files = await readBundleFiles(at("first.zip"));
  await change(files);
  await writeBundleFiles(files, at(name));
}

test("the bundle of a real period holds, agrees with itself, and its first line says UNPINNED", async () => {
  const { code, report, found } = await verified("first.zip");
  expect({ code, found, level: report.level }).toEqual({
    code: 0,
    found: [],
    level: "self_consistent",
  });
  const { stdout } = await custody(["verify", at("first.zip")]);
  expect(stdout).toMatch(/^UNPINNED: /);
});

describe.each(tampers)("$what ($code)", ({ code: own, forge }) => {
  test("fails as itself", async () => {
    const name = `${own}.zip`;
    await changed(name, async (files) => {
      forge(files);
    });
    const { code, found, report } = await verified(name);
    expect(code).toBe(1);
    expect(report.level).toBe("failed");
    expect(found).toContain(own);
    expect(found).toContain("FILE_CHANGED");
  });

  test("fails as itself, and as no other, when the holder of the bundle key listed, summed and signed it all again", async () => {
    const name = `${own}-signed.zip`;
    const wanted: string[] = [own];
    await changed(name, async (files) => {
      if (own === "ROWS_TRUNCATED" && isTailDrawn(files)) wanted.push("SAMPLE_MISMATCH");
      await resign(files, bundleKey, forge(files));
    });
    const { code, found, report } = await verified(name);
    expect(code).toBe(1);
    expect(report.level).toBe("failed");
    expect(found.filter((each) => tampered.some((other) => other === each))).toEqual(wanted);
    expect(found.filter((each) => mendable.includes(each))).toEqual([]);
    const { stdout } = await custody(["verify", at(name)]);
    expect(stdout).toContain(`finding ${own}: ${findingSentences[own]}`);
  });
});

test("a bundle that was only unpacked, listed again and signed with its key holds: the forger's desk itself changes nothing", async () => {
  await changed("same.zip", (files) => resign(files, bundleKey));
  expect(await verified("same.zip")).toMatchObject({ code: 0, found: [] });
});

test("another key over the same list is no key of the run", async () => {
  await changed("rekeyed.zip", async (files) => {
    const signer = createTestSigner();
    files.set(paths.bundleKey, Buffer.from(printPublicKeyPem(signer.publicKey)));
    await resign(files, signer);
  });
  expect(await verified("rekeyed.zip")).toMatchObject({
    code: 1,
    found: ["BUNDLE_KEY_UNCOMMITTED"],
  });
});

describe("trust", () => {
  test("with the ledger's own key pinned the level is authentic", async () => {
    const policy = trust("pinned", [`log ${vkey}`, "quorum none"]);
    const { code, report } = await verified(
      "first.zip",
      "--trust",
      policy,
      "--require",
      "authentic",
    );
    expect({ code, level: report.level }).toEqual({ code: 0, level: "authentic" });
    expect(report.limits.map((limit) => limit.code)).not.toContain("UNPINNED");
  });

  test("with the key of another ledger pinned it fails", async () => {
    const policy = trust("wrong", [`log ${otherVkey}`, "quorum none"]);
    expect(await verified("first.zip", "--trust", policy)).toMatchObject({
      code: 1,
      found: ["LOG_UNTRUSTED"],
    });
  });

  test("a level that is not reached is exit code 1, with no finding against the bundle", async () => {
    const policy = trust("pinned-2", [`log ${vkey}`, "quorum none"]);
    for (const [args, level] of [
      [["--require", "authentic"], "self_consistent"],
      [["--require", "anchored"], "self_consistent"],
      [["--trust", policy, "--require", "anchored"], "authentic"],
    ] as const) {
      const { code, report, found } = await verified("first.zip", ...args);
      expect({ code, level: report.level, found }).toEqual({ code: 1, level, found: [] });
    }
    const { stderr } = await custody(["verify", at("first.zip"), "--require", "anchored"]);
    expect(stderr).toBe("custody: the level is self_consistent, below anchored\n");
  });
});

describe("the previous bundle", () => {
  test("of the same ledger is continued", async () => {
    const { code, report } = await verified("second.zip", "--previous", at("first.zip"));
    expect({ code, previous: report.previous }).toEqual({ code: 0, previous: "consistent" });
  });

  test("of another ledger is not", async () => {
    expect(await verified("second.zip", "--previous", at("other.zip"))).toMatchObject({
      code: 1,
      found: ["PREVIOUS_INCONSISTENT"],
    });
  });

  test("cannot be a later one", async () => {
    expect(await verified("first.zip", "--previous", at("second.zip"))).toMatchObject({
      code: 1,
      found: ["PREVIOUS_INCONSISTENT"],
    });
  });

  test("of another ledger is refused at export", async () => {
    const running = await startCustody(at("other"));
    const { code, stderr } = await custody([
      "export",
      ...["--framework", "soc2", "--from", began, "--to", "2100-01-01", "--out", at("none.zip")],
      ...["--api", running.api, "--key", running.adminKey, "--previous", at("first.zip")],
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("published no checkpoint");
    expect(await running.stop()).toBe(0);
  });
});

describe("witnesses", () => {
  const witnesses = ["w1.example", "w2.example", "w3.example"].map((name) => ({
    name,
    signer: createTestSigner(),
  }));
  const vkeyOfWitness = ({ name, signer }: { name: string; signer: TestSigner }): string =>
    printVkey(createNoteKey(sha256, { name, type: "cosignature", publicKey: signer.publicKey }));
  /** Two of three must have seen the tree. */
  const quorum = (): string =>
    trust("quorum", [
      `log ${vkey}`,
      ...witnesses.map((witness) => `witness ${witness.name} ${vkeyOfWitness(witness)}`),
      `group two 2 ${witnesses.map(({ name }) => name).join(" ")}`,
      "quorum two",
    ]);

  /** Adds cosignatures to the checkpoint, as an operator does who sent it to witnesses. */
  async function witnessed(
    name: string,
    by: typeof witnesses,
    timeSeconds = 1_764_000_000,
  ): Promise<void> {
    await changed(name, async (files) => {
      const { note } = parseSignedCheckpoint(files.get(paths.checkpoint) ?? Buffer.alloc(0));
      const lines = await Promise.all(
        by.map((witness) => cosign(sha256, note, { ...witness, timeSeconds })),
      );
      files.set(paths.checkpoint, Buffer.from(addSignatures(note, lines)));
      await resign(files, bundleKey);
    });
  }

  test("a quorum that saw the checkpoint makes it anchored", async () => {
    await witnessed("two.zip", witnesses.slice(0, 2));
    const args = ["--trust", quorum(), "--require", "anchored"];
    const { code, report } = await verified("two.zip", ...args);
    expect({ code, level: report.level }).toEqual({ code: 0, level: "anchored" });
  });

  test("one witness of two that are asked for, or one that signs twice, does not", async () => {
    for (const by of [witnesses.slice(0, 1), witnesses.slice(0, 1).concat(witnesses.slice(0, 1))]) {
      await witnessed("one.zip", by);
      const args = ["--trust", quorum(), "--require", "anchored"];
      const { code, report } = await verified("one.zip", ...args);
      expect({ code, level: report.level }).toEqual({ code: 1, level: "authentic" });
    }
  });

  test("a false signature under a witness's name is found", async () => {
    const [first] = witnesses;
    if (first === undefined) throw new Error("no witness");
    const forger = createTestSigner();
    // The key id is the witness's, the signature somebody else's.
    const posing = { ...first, signer: { ...first.signer, sign: forger.sign } };
    await witnessed("false.zip", [posing, ...witnesses.slice(1)]);
    expect(await verified("false.zip", "--trust", quorum())).toMatchObject({
      code: 1,
      found: ["WITNESS_FORGED"],
    });
  });
});
