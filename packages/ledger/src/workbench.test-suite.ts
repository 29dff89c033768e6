import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRedacted, type Clock, type Random, type Redacted, timeFromMillis } from "@custody/model";
import type { Signer } from "@custody/proof";
import type { LedgerInput } from "./ledger.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.test-suite.ts";

/** A clock that a test moves. */
export interface HandClock extends Clock {
  millis: number;
}

export function createHandClock(start = Date.UTC(2026, 10, 23, 7)): HandClock {
  return {
    millis: start,
    now() {
      return timeFromMillis(this.millis);
    },
  };
}

/** Seeded: the same run gives the same bytes. */
export function createSeededRandom(seed: string): Random {
  let count = 0;
  return {
    bytes(length) {
      count += 1;
      const block = (part: number): Buffer =>
        createHash("sha256").update(`${seed}/${count}/${part}`).digest();
      const parts = Array.from({ length: Math.ceil(length / 32) }, (_, part) => block(part));
      return Buffer.concat(parts).subarray(0, length);
    },
  };
}

/** The seed of the published vectors (compliance 6.12). */
export function createTestSigner(): Signer {
  const seed = Buffer.from(Array.from({ length: 32 }, (_, byte) => byte));
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(12);
  return { publicKey, sign: (message) => sign(null, message, key) };
}

export interface Workbench {
  readonly dir: string;
  readonly store: MemoryStore;
  readonly clock: HandClock;
  readonly signer: Signer;
  input(more?: Partial<LedgerInput>): LedgerInput;
  remove(): Promise<void>;
}

export async function createWorkbench(seed = "workbench"): Promise<Workbench> {
  const dir = await mkdtemp(join(tmpdir(), "custody-ledger-"));
  const store = createMemoryStore();
  const clock = createHandClock();
  const signer = createTestSigner();
  let starts = 0;
  return {
    dir,
    store,
    clock,
    signer,
    input(more = {}) {
      starts += 1;
      return {
        dir,
        tenant: "acme",
        deployment: "trace.example.com",
        config: { digest: "c0".repeat(32), detail: { content: "open" } },
        clock,
        random: createSeededRandom(`${seed}/${starts}`),
        signer,
        store,
        lookup: store,
        host: "host-1",
        limits: {
          sealAgeMsMin: 5,
          batchAgeMsMax: 2,
          insertAgeMsMin: 1,
          retryMsMin: 5,
          retryMsMax: 20,
          closeMsMax: 300,
        },
        ...more,
      };
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

export interface Said {
  readonly id: number;
  readonly says?: string;
  readonly session?: string;
  readonly call?: string;
  readonly seq?: number;
  readonly bytes?: number;
}

/** A tool call as the redactor would hand it over. `says` stands for what the source said: another text is another claim. */
export function toolCall({
  id,
  says = "x",
  session = "s1",
  call = `c${id}`,
  seq,
  bytes = 0,
}: Said): Redacted {
  const digest = (text: string): string =>
    createHash("sha256").update(text).digest("hex").slice(0, 32);
  return asRedacted({
    record: {
      v: "custody/1",
      class: "tool_call",
      id: digest(`id ${id}`),
      nonce: "AQEBAQEBAQEBAQEBAQEBAQ",
      tenant: "acme",
      ts: "2026-11-23T07:00:00.000000000Z",
      session,
      call,
      src: {
        id: "src_1",
        epoch: "e1",
        ...(seq === undefined ? {} : { seq }),
        auth: { method: "bearer", kind: "agent", subject: "laptop" },
      },
      dialect: { name: "codex", version: "1" },
      grade: "reported",
      attrs: { says, filler: "f".repeat(bytes) },
      body: { call, tool: "shell", kind: "exec", status: "executed", primary: true },
    } as never,
    claim: digest(`claim ${id} ${says}`),
    disclosures: [],
  });
}
