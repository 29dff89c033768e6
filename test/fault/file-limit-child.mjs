// Commits under `ulimit -f`. Run by ledger-disk.test.ts.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { openLedger } from "@custody/ledger";
import { timeFromMillis } from "@custody/model";

const [dir] = process.argv.slice(2);
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const ledger = await openLedger({
  dir,
  tenant: "acme",
  deployment: "fault.example",
  config: { digest: "00", detail: {} },
  clock: { now: () => timeFromMillis(Date.now()) },
  random: { bytes: (count) => randomBytes(count) },
  signer: {
    publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(12),
    sign: (message) => sign(null, message, privateKey),
  },
  store: { insert: async () => ({ outcome: "stored" }) },
});

function records(name, count, bytes) {
  return Array.from({ length: count }, (_, index) => {
    const id = createHash("sha256").update(`${name}/${index}`).digest("hex").slice(0, 32);
    const auth = { method: "bearer", kind: "agent", subject: "laptop" };
    return {
      claim: id,
      disclosures: [],
      record: {
        v: "custody/1",
        class: "heartbeat",
        id,
        nonce: "AQEBAQEBAQEBAQEBAQEBAQ",
        tenant: "acme",
        ts: "2026-11-23T07:00:00.000000000Z",
        src: { id: "src", epoch: "e", auth },
        dialect: { name: "codex", version: "1" },
        grade: "reported",
        attrs: { filler: "f".repeat(bytes) },
        body: { last_seq: 1, dropped: 0 },
      },
    };
  });
}

async function tell(size, batch) {
  const verdict = await ledger.commit(batch);
  console.log(
    [size, verdict.outcome, ...(verdict.outcome === "failed" ? [verdict.reason] : [])].join(" "),
  );
}

await tell("small", records("a", 1, 100));
await tell("large", records("b", 20, 10_000));
await tell("small", records("c", 1, 100));
await ledger.close();
