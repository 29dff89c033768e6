import { hash } from "node:crypto";
import {
  checkTlogProof,
  createTreeHasher,
  hexDecode,
  hexEncode,
  type NoteKey,
  parseSignedCheckpoint,
  parseTlogProof,
  parseVkey,
  verifyCheckpoint,
} from "@custody/proof";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSignature, sha256 } from "../support/crypto.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask } from "./http.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// What a reader needs to check the log alone, with nothing of ours but the library that any client may write again.

const data = temporaryFolder("proofs");
const hasher = createTreeHasher(sha256);
let custody: CustodyProcess;
let logKey: NoteKey;

beforeAll(async () => {
  custody = await startCustody(data);
  const { ledgers } = (await custody.get("/v1/status")) as {
    readonly ledgers: readonly { readonly vkey: string }[];
  };
  logKey = parseVkey(sha256, ledgers[0]?.vkey ?? "");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

/** The proof of a record; asked again where no checkpoint covers it yet, as the answer says. */
async function proofOf(id: string): Promise<string> {
  return eventually(async () => {
    const answer = await ask(custody.api, "GET", `/v1/records/${id}/proof`, {
      key: custody.adminKey,
    });
    if (answer.status === 200) return answer.text;
    expect(answer).toMatchObject({ status: 409, json: { code: "not-yet" } });
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(10);
    return undefined;
  }, `a proof of ${id}`);
}

test("every record of a capture is proved to be under a checkpoint that the log's key signed", async () => {
  for (const request of capturedRequests("codex", "network-proxy")) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await stored(custody);
  const records = await everyItem<ToldRecord>(custody, "/v1/records?agent=codex");
  expect(records.length).toBeGreaterThan(20);
  for (const { id, sha256: sha, leaf, ledger } of records) {
    const text = await proofOf(id);
    expect(text.split("\n")[0]).toBe("c2sp.org/tlog-proof@v1");
    const proof = parseTlogProof(new TextEncoder().encode(text));
    expect(proof.index).toBe(leaf);
    const { verdict, signed } = checkTlogProof(hasher, proof, hasher.leaf(hexDecode(sha)));
    expect(verdict).toBe("ok");
    expect(signed.checkpoint.origin).toBe(ledger);
    expect(await verifyCheckpoint(checkSignature, signed, [logKey])).toMatchObject({
      verdict: "verified",
    });
    const forged = hexDecode(sha.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    expect(checkTlogProof(hasher, proof, hasher.leaf(forged)).verdict).toBe("root_mismatch");
  }
});

test("the hash in the tree is that of the record as it is answered, in canonical form", async () => {
  for (const { record, sha256: sha } of await everyItem<ToldRecord>(custody, "/v1/records")) {
    expect(hash("sha256", canonical(record), "hex")).toBe(sha);
  }
});

/** RFC 8785 of integers and ASCII keys: sorted members, no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

test("a proof stands under the checkpoint that the log serves to everyone", async () => {
  const [record] = await everyItem<ToldRecord>(custody, "/v1/records?class=tool_call");
  await eventually(async () => {
    const proved = parseTlogProof(new TextEncoder().encode(await proofOf(record?.id ?? "")));
    const served = await ask(custody.api, "GET", "/v1/log/checkpoint", { key: custody.adminKey });
    expect(served).toMatchObject({ status: 200 });
    expect(served.type).toMatch(/^text\/plain/);
    const now = parseSignedCheckpoint(new TextEncoder().encode(served.text));
    const then = parseSignedCheckpoint(proved.checkpoint);
    // A seal may have come between the two questions.
    if (now.checkpoint.size !== then.checkpoint.size) return undefined;
    expect(hexEncode(then.checkpoint.root)).toBe(hexEncode(now.checkpoint.root));
    return true;
  }, "proof and checkpoint of one size");
});

test("a receipt comes with what was acknowledged, and is the log's own word", async () => {
  const [request] = capturedRequests("claude-code", "plain-answer");
  const response = await fetch(`${custody.otlp}/v1/${request?.signal}`, {
    method: "POST",
    headers: request?.headers ?? {},
    body: new Uint8Array(request?.body ?? []),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("custody-receipt")).toBeTruthy();
});

test("the tiles of the log are served as C2SP says, and hash to the root of its checkpoint", async () => {
  const served = await ask(custody.api, "GET", "/v1/log/checkpoint", { key: custody.adminKey });
  const { checkpoint } = parseSignedCheckpoint(new TextEncoder().encode(served.text));
  const width = checkpoint.size % 256;
  expect(checkpoint.size).toBeLessThan(256);
  const tile = await fetch(`${custody.api}/v1/log/tile/0/000.p/${width}`, {
    headers: { authorization: `Bearer ${custody.adminKey}` },
  });
  expect(tile.status).toBe(200);
  const bytes = new Uint8Array(await tile.arrayBuffer());
  expect(bytes.length).toBe(width * 32);
  const leaves = Array.from({ length: width }, (_, at) => bytes.slice(at * 32, at * 32 + 32));
  expect(hexEncode(rootOf(leaves))).toBe(hexEncode(checkpoint.root));
});

/** RFC 6962, 2.1, written again. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return sha256(new Uint8Array(0));
  if (hashes.length === 1) return only;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  const pair = [rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half))] as const;
  return sha256(Buffer.concat([Uint8Array.of(1), ...pair]));
}
