import { createHash, randomBytes } from "node:crypto";
import { type AnyFact, limits, type Principal, type RecordDraft } from "@custody/model";
import { createRedactor } from "@custody/redaction";
import { expect, test } from "vitest";
import { stamp } from "./stamp.ts";
import { createTenantDigest } from "./tenant-digest.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");
const redactor = createRedactor({ sha256, randomBytes });
const digest = createTenantDigest("acme", new Uint8Array(32).fill(7));
const principal: Principal = {
  tenant: "acme",
  auth: { method: "bearer", kind: "agent", subject: "laptop-1" },
};
const now = "2026-11-23T07:00:05.000000000Z";

const call = {
  event: "result",
  tool: "exec_command",
  kind: "exec",
  status: "executed",
  arguments_state: "reported",
  primary: true,
} as const;

/** What the ledger is given of one fact. */
function recorded(fact: AnyFact): RecordDraft {
  const [stamped] = stamp([{ dialect: "codex", fact }], { digest, principal, now });
  if (stamped === undefined) throw new Error("one fact is one record");
  return redactor.redact(stamped).redacted.record;
}

const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

test("a secret that lies across the limit of a string leaves no half of itself", () => {
  for (let before = 0; before < secret.length; before += 3) {
    const text = `${"x ".repeat(limits.bodyStringBytesMax / 2).slice(before)}${secret} tail`;
    const { body, attrs } = recorded({
      class: "tool_call",
      key: ["k"],
      body: { ...call, error_type: text },
      attrs: { note: text },
    });
    expect(JSON.stringify({ body, attrs })).not.toContain("ghp_");
  }
});

test("a source that says an integrity record of any kind has told a count of its own, and nothing of the ledger", () => {
  for (const kind of ["gap", "hw", "conflict", "drift", "verify", "run", "tally"] as const) {
    const { body, src, grade } = recorded({
      class: "integrity",
      key: ["k"],
      body: { kind, detail: {} },
    });
    expect(body).toMatchObject({ kind: "tally" });
    expect([src.auth.kind, grade]).toEqual(["agent", "reported"]);
  }
});

test("what no mask may cover is cut to its limit all the same", () => {
  const { body } = recorded({
    class: "tool_call",
    key: ["k"],
    body: { ...call, tool: "t".repeat(10_000) },
  });
  const { tool } = body as { readonly tool: string };
  expect(Buffer.byteLength(tool)).toBeLessThanOrEqual(limits.bodyStringBytesMax);
  expect(tool).toMatch(/^t+…$/);
});

test("a source's own attribute names become canonical keys, and what did not fit is counted, but never our own words", () => {
  const attrs = Object.fromEntries(
    Array.from({ length: limits.attrsItemsMax + 2 }, (_, nth) => [`a${nth}`, "1"]),
  );
  const said = recorded({
    class: "tool_call",
    key: ["k"],
    body: call,
    attrs: { "7": "bare number", ünïcode: "x", ...attrs },
  }).attrs;
  expect(said).toMatchObject({
    _7: "bare number",
    _n_code: "x",
    "attrs.dropped": "5",
    "time.source": "rx",
  });
});
