// Commits under load and ends itself, without a word, at the named step. Run by ledger-crash.test.ts.
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openFileSigner, openLedger } from "@custody/ledger";
import { timeFromMillis } from "@custody/model";
import { openRowFolder } from "./row-folder-store.mjs";

const [dir, run, killStep, killAt, commits] = process.argv.slice(2);
let seen = 0;

function onStep(step) {
  if (step !== killStep) return;
  seen += 1;
  // Between two system calls of this process: nothing after this line happens.
  if (seen === Number(killAt)) process.kill(process.pid, "SIGKILL");
}

/** Keeps every message that was ever signed, before anybody can see the signature. */
function witnessed(signer) {
  return {
    publicKey: signer.publicKey,
    async sign(message) {
      appendFileSync(join(dir, "signed.txt"), `${Buffer.from(message).toString("base64")}\n`);
      return signer.sign(message);
    },
  };
}

const store = openRowFolder(join(dir, "rows"), onStep);
const ledger = await openLedger({
  dir,
  tenant: "acme",
  deployment: "fault.example",
  config: { digest: "00", detail: {} },
  clock: { now: () => timeFromMillis(Date.now()) },
  random: { bytes: (count) => randomBytes(count) },
  signer: witnessed(await openFileSigner(join(dir, "log.key"))),
  store,
  lookup: store,
  host: "fault",
  onStep,
  limits: {
    batchAgeMsMax: 2,
    batchRecordsMax: 16,
    sealAgeMsMin: 15,
    insertAgeMsMin: 4,
    retryMsMin: 5,
    retryMsMax: 20,
  },
});

/** Every record's id is named by run and number, so that the parent can ask for it. */
function record(name) {
  const id = createHash("sha256").update(name).digest("hex").slice(0, 32);
  return {
    claim: id,
    disclosures: [],
    record: {
      v: "custody/1",
      class: "tool_call",
      id,
      nonce: "AQEBAQEBAQEBAQEBAQEBAQ",
      tenant: "acme",
      ts: "2026-11-23T07:00:00.000000000Z",
      session: "s1",
      call: name,
      src: {
        id: "src",
        epoch: run,
        seq: seen,
        auth: { method: "bearer", kind: "agent", subject: "laptop" },
      },
      dialect: { name: "codex", version: "1" },
      grade: "reported",
      body: { call: name, tool: "shell", kind: "exec", status: "executed", primary: true },
    },
  };
}

async function client(number) {
  for (let turn = 0; turn < Number(commits); turn++) {
    const names = Array.from(
      { length: 1 + (turn % 5) },
      (_, index) => `${run}/${number}/${turn}/${index}`,
    );
    const verdict = await ledger.commit(names.map(record));
    if (verdict.outcome !== "committed") throw new Error(verdict.reason);
    // Synchronous: what the parent reads was acknowledged, whatever happens next.
    writeSync(1, `${names.join(" ")}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(client));
await ledger.close();
