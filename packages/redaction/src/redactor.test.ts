import { createHash, randomBytes } from "node:crypto";
import {
  asStamped,
  type Committer,
  isWellFormed,
  limits,
  type RecordDraft,
  recordVersion,
  type Stamped,
} from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor, maskText, rules } from "./index.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");
const redactor = createRedactor({ sha256, randomBytes });

function draft(over: Partial<RecordDraft>): RecordDraft {
  return {
    v: recordVersion,
    id: "0".repeat(32),
    class: "tool_call",
    tenant: "acme",
    ts: "2026-11-23T07:00:05.000000000Z",
    src: {
      id: "src_1",
      epoch: "e1",
      auth: { method: "bearer", kind: "agent", subject: "laptop-1" },
    },
    nonce: "AgICAgICAgICAgICAgICAg",
    grade: "reported",
    dialect: { name: "codex", version: "1" },
    body: {
      event: "result",
      tool: "exec_command",
      kind: "exec",
      status: "executed",
      arguments_state: "reported",
      primary: true,
    },
    ...over,
  };
}

function stamped(over: Partial<RecordDraft>, content: Record<string, string> = {}): Stamped {
  return asStamped({
    record: draft(over),
    claim: "0".repeat(32),
    content: Object.entries(content).map(([path, text]) => ({ path, text })),
  });
}

function opened(disclosure: string): unknown[] {
  return JSON.parse(Buffer.from(disclosure, "base64url").toString("utf8"));
}

test("a commitment is the one published in compliance 6.12", () => {
  const vector = createRedactor({ sha256, randomBytes: (n) => new Uint8Array(n).fill(0xa1) });
  const { redacted } = vector.redact(
    stamped({}, { "tool.args": "curl -sS https://example.org/install.sh" }),
  );
  expect(redacted.disclosures).toEqual([
    {
      path: "tool.args",
      disclosure:
        "WyJvYUdob2FHaG9hR2hvYUdob2FHaG9RIiwidG9vbC5hcmdzIiwiY3VybCAtc1MgaHR0cHM6Ly9leGFtcGxlLm9yZy9pbnN0YWxsLnNoIl0",
    },
  ]);
  expect(redacted.record.sd).toEqual({
    "tool.args": "rnhTiM6uIhwtBAY7tCo9oeiyJyuVj_vxm-Rh9D-9TxE",
  });
});

test("no two commitments share a salt", () => {
  const content = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`p${i}`, "same"]));
  const { redacted } = redactor.redact(stamped({}, content));
  const salts = redacted.disclosures.map(({ disclosure }) => opened(disclosure)[0]);
  expect(new Set(salts).size).toBe(600);
});

const alnum36 = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6";
const fires: readonly (readonly [rule: string, text: string, secret: string])[] = [
  ["openai_key", "use sk-proj-Ab3dEf6hIj9lMn2pQr5tUv8x now", "sk-proj-Ab3dEf6hIj9lMn2pQr5tUv8x"],
  ["openai_key", '{"cmd":"echo\\nsk-Ab3dEf6hIj9lMn2pQr5tUv8x"}', "sk-Ab3dEf6hIj9lMn2pQr5tUv8x"],
  ["anthropic_key", "x sk-ant-api03-Ab3dEf6hIj9lMn2p y", "sk-ant-api03-Ab3dEf6hIj9lMn2p"],
  ["github_token", `echo\\nghp_${alnum36}`, `ghp_${alnum36}`],
  ["github_token", `gho_${alnum36} ghs_${alnum36}`, alnum36],
  [
    "github_token",
    "github_pat_11ABCDEFG0abcdefghijkl_xyz",
    "github_pat_11ABCDEFG0abcdefghijkl_xyz",
  ],
  ["gitlab_token", "glpat-Ab3dEf6hIj9lMn2pQr5t", "glpat-Ab3dEf6hIj9lMn2pQr5t"],
  ["aws_key_id", "aws AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE"],
  [
    "aws_secret",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  ],
  [
    "google_key",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
  ],
  ["slack_token", "xoxb-2345678901-abcdefGHIJ", "xoxb-2345678901-abcdefGHIJ"],
  [
    "slack_webhook",
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
  ],
  ["stripe_key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"],
  ["npm_token", `//registry.example/:x npm_${alnum36}`, alnum36],
  [
    "jwt",
    "t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_X",
    "eyJzdWIiOiIxMjM0In0",
  ],
  [
    "private_key",
    "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA1c7+9z5\\n-----END RSA PRIVATE KEY-----",
    "MIIEpAIBAAKCAQEA1c7+9z5",
  ],
  ["private_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXkt", "b3BlbnNzaC1rZXkt"],
  ["bearer", "curl -H 'Authorization: Bearer abc.def-ghi' https://api.example.org", "abc.def-ghi"],
  ["bearer", "Authorization: Basic dXNlcjpodW50ZXIy", "dXNlcjpodW50ZXIy"],
  ["bearer", '{\\"authorization\\":\\"Bearer s3cr3tvalue\\"}', "s3cr3tvalue"],
  ["bearer", "sent bearer 0123456789abcdefXYZ along", "0123456789abcdefXYZ"],
  ["url_password", "git clone https://bob:hunter2@git.example.org/x.git", "hunter2"],
  ["url_password", "postgres://app:p%40ss@db.internal:5432/x", "p%40ss"],
  ["url_password", "https://a1b2c3d4e5f6a7b8c9d0@git.example.org/x", "a1b2c3d4e5f6a7b8c9d0"],
  ["password", "mysql --password=hunter2 -h db", "hunter2"],
  ["password", "tool --password hunter2 -h db", "hunter2"],
  ["password", '{"user":"bob","password":"hunter2"}', "hunter2"],
  ["password", '{"cmd":"x {\\"password\\":\\"hun ter2\\"}"}', "hun ter2"],
  ["password", '"password":"pa\\"ss word"', 'pa\\"ss word'],
  ["password", "password: hunter2\nhost: db", "hunter2"],
  ["secret_value", "GET /x?token=abc&host=example.org", "abc"],
  ["secret_value", 'api_key = "abcd"', "abcd"],
  ["secret_value", '{"key":"x.api_key","value":{"stringValue":"abcd"}}', "abcd"],
  ["secret_value", "TOKEN_FOR_CI=Zk3J9xQ2mW7vB5nR8tY1", "Zk3J9xQ2mW7vB5nR8tY1"],
  [
    "secret_value",
    "//registry.npmjs.org/:_authToken=00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000",
  ],
];

test.each(fires)("%s masks its secret and nothing of it remains: %s", (rule, text, secret) => {
  const counts: Record<string, number> = {};
  const masked = maskText(text, counts).text;
  expect(masked).not.toContain(secret);
  expect(masked).toContain(`[masked:${rule}]`);
  expect(counts[rule]).toBeGreaterThan(0);
});

test("every rule of the table is shown to fire, or is a plain token tried here", () => {
  const tried = new Set(fires.map(([rule]) => rule));
  const plain: Record<string, string> = {
    google_oauth: "ya29.a0AfH6SMBx1234567890abc",
    pypi_token: `pypi-AgEIcHlwaS5vcmc${"Ab3-".repeat(13)}`,
    huggingface_token: `hf_${alnum36}`,
    digitalocean_token: `dop_v1_${"0af9".repeat(16)}`,
    sendgrid_key: `SG.${"Ab3dEf6hIj9lMn2pQr5tUv"}.${"Ab3dEf6hIj9lMn2pQr5tUv8xYz1aBc4dEf7gHi0jKl3"}`,
    databricks_token: `dapi${"0af9".repeat(8)}`,
    linear_key: `lin_api_${alnum36}Ab3d`,
    custody_key: "custody_agent_Ab3dEf6hIj9lMn2pQr5tUv8xYz1aBc4d",
    shopify_token: `shpat_${"0af9".repeat(8)}`,
  };
  for (const { id } of rules) {
    if (tried.has(id)) continue;
    expect(maskText(`x ${plain[id]} y`, {}).text, id).toBe(`x [masked:${id}] y`);
  }
});

const nearMisses: readonly string[] = [
  "the task-management-service-with-a-long-name is up",
  "disk-0123456789012345678901234567890",
  "ghp_tooshort1234",
  "AKIAIOSFODNN7EXAMPLEANDMORELETTERS",
  "tokens: 12345678, max_tokens=4096, token_count: 17",
  "const token = await nextToken(stream)",
  "function f(token: string, password: string) {}",
  "password=$DB_PASSWORD",
  'password: "{{ secrets.DB }}"',
  "PWD=/home/bob/work",
  "see https://example.org/a@b and mailto:bob@example.org",
  "https://bob@git.example.org/x.git",
  "ssh://git@github.com:22/x.git",
  "eyJ is how base64 of a brace begins. Then eyJhbGciOiJIUzI1NiJ9 alone",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "Authorization: required for every call",
  "the bearer of this letter",
  '{"type":"token","value":"x"}',
  "sha256 9e271a7762274d4ea42d099117e973725bc782f067973e4df9ab1e12f25ee4f2",
  '{"session.id":"01a2b3c4-0000-7000-8000-00000000abcd"}',
  "[masked:password]",
];

test.each(nearMisses)("near miss stays as it is: %s", (text) => {
  expect(maskText(text, {})).toEqual({ text, cut: false });
});

test("the host and the user of a URL survive when its password is masked", () => {
  const { text } = maskText("https://bob:hunter2@git.example.org:8443/x", {});
  expect(text).toBe("https://bob:[masked:url_password]@git.example.org:8443/x");
});

test("host, port, tool, verdict and principals are never masked, whatever they look like", () => {
  const hostile = `ghp_${alnum36}`;
  const { redacted, masked } = redactor.redact(
    stamped({
      class: "egress",
      actor: { id: hostile, type: "human" },
      body: {
        host: hostile,
        port: 443,
        protocol: "https",
        action: "denied",
        via: "agent",
        reason: `because ${hostile}`,
      },
    }),
  );
  expect(redacted.record.body).toMatchObject({
    host: hostile,
    port: 443,
    action: "denied",
    reason: "because [masked:github_token]",
  });
  expect(redacted.record.actor?.id).toBe(hostile);
  expect(masked).toEqual({ github_token: 1 });
  expect(redacted.record.attrs).toEqual({ "redacted.github_token": "1" });
});

test("an attribute named like a secret is masked whole, and a source cannot speak in our words", () => {
  const { redacted } = redactor.redact(
    stamped({ attrs: { "db.password": "x", "redacted.jwt": "0", plain: "y", __proto__x: "z" } }),
  );
  expect(redacted.record.attrs).toEqual({
    "db.password": "[masked:password]",
    "claimed.redacted.jwt": "0",
    plain: "y",
    __proto__x: "z",
    "redacted.password": "1",
  });
});

test("content longer than the limit is cut on a code point and the record says so", () => {
  const long = "€".repeat(limits.contentValueBytesMax);
  const observation = redactor.redact(
    stamped(
      { class: "observation", body: { state: "reported", trust: "tool_output" } },
      { content: long },
    ),
  ).redacted;
  const value = String(opened(observation.disclosures[0]?.disclosure ?? "")[2]);
  expect(Buffer.byteLength(value)).toBeLessThanOrEqual(limits.contentValueBytesMax);
  expect(value).toMatch(/^€+\[cut:3145728\]$/);
  expect(observation.record.body).toMatchObject({ truncated: true });
  const call = redactor.redact(stamped({}, { output: long })).redacted;
  expect(call.record.attrs).toEqual({ "content.truncated": "output" });
});

test("a cut never leaves the first half of a secret", () => {
  const secret = `ghp_${alnum36}`;
  for (let before = 0; before < secret.length; before += 3) {
    const text = `${"x ".repeat(limits.contentValueBytesMax / 2).slice(before)}${secret} tail`;
    const { redacted } = redactor.redact(stamped({}, { output: text }));
    const value = String(opened(redacted.disclosures[0]?.disclosure ?? "")[2]);
    expect(value).not.toContain("ghp_");
  }
});

test("a body string over its limit is cut and marked", () => {
  const { redacted } = redactor.redact(stamped({ attrs: { long: "y".repeat(5000) } }));
  expect(Buffer.byteLength(redacted.record.attrs?.["long"] ?? "")).toBeLessThanOrEqual(
    limits.bodyStringBytesMax,
  );
  expect(redacted.record.attrs?.["body.truncated"]).toBe("attrs.long");
});

test("a body string of any length is masked before it is cut, and its mark says how long it was", () => {
  const secret = `ghp_${alnum36}`;
  for (const total of [2_500, 5_000, 200_000]) {
    for (let before = 0; before < secret.length; before += 3) {
      const start = "x ".repeat(limits.bodyStringBytesMax / 2).slice(before);
      const text = `${start}${secret} `.padEnd(total, "y");
      const { record } = redactor.redact(stamped({ attrs: { note: text } })).redacted;
      expect(record.attrs?.["note"]).not.toContain("ghp_");
      expect(record.attrs?.["body.truncated"]).toBe("attrs.note");
      if (total === 200_000) expect(record.attrs?.["note"]).toContain("[cut:200000]");
    }
  }
});

test("a cut leaves no half of a character, wherever masks have moved it", () => {
  const text = `password=${"p".repeat(2_001)} ${"\u{1f600}".repeat(20_000)}`;
  const { record } = redactor.redact(stamped({ attrs: { note: text } })).redacted;
  expect(isWellFormed(record.attrs?.["note"] ?? "\ud800")).toBe(true);
});

test("lone surrogates become U+FFFD, so that the record has a canonical form", () => {
  const { redacted } = redactor.redact(stamped({ attrs: { a: "x\ud800y" } }, { output: "\udc00" }));
  expect(redacted.record.attrs).toEqual({ a: "x\ufffdy" });
  expect(opened(redacted.disclosures[0]?.disclosure ?? "")[2]).toBe("\ufffd");
});

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
const word = (units: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...letters), { minLength: units, maxLength: units })
    .map((parts) => parts.join(""));
const secrets: fc.Arbitrary<{ readonly text: string; readonly secret: string }> = fc.oneof(
  word(36).map((w) => ({ text: `ghp_${w}`, secret: w })),
  word(40).map((w) => ({ text: `sk-ant-${w}`, secret: w })),
  word(44).map((w) => ({ text: `sk-a1${w}`, secret: w })),
  word(24).map((w) => ({ text: `Authorization: Bearer ${w}`, secret: w })),
  word(12).map((w) => ({ text: `password=${w}`, secret: w })),
  word(12).map((w) => ({ text: `{"password":"${w}"}`, secret: w })),
  word(12).map((w) => ({ text: `token=${w}`, secret: w })),
  word(12).map((w) => ({ text: `https://u:${w}@h.example/`, secret: w })),
);

test("no secret of a generated kind survives anywhere in the result", () => {
  const around = fc.constantFrom("", " ", "\n", '"', "\\n", "; ", "\t'", " && curl ");
  fc.assert(
    fc.property(secrets, around, around, (item, before, after) => {
      const text = `echo${before} ${item.text} ${after}end`;
      const { redacted } = redactor.redact(
        stamped(
          {
            attrs: { note: text, json: JSON.stringify({ note: text }) },
            class: "integrity",
            body: { kind: "claimed", detail: { deep: [{ note: text }] } },
          },
          { arguments: text, nested: JSON.stringify({ cmd: JSON.stringify({ x: text }) }) },
        ),
      );
      const everything =
        JSON.stringify(redacted.record) +
        redacted.disclosures.map(({ disclosure }) => opened(disclosure).join()).join();
      expect(everything).not.toContain(item.secret);
    }),
    { numRuns: 400 },
  );
});

const megabyte = 1_048_576;
const hostile: readonly string[] = [
  "token=",
  "token:",
  "token: ",
  'token="',
  "token='",
  "token=$",
  'token\\\\\\"=',
  "token_",
  "secret_x=a1",
  "password",
  "-----BEGIN PRIVATE KEY-----!",
  "-----BEGIN PRIVATE KEY----- ",
  "eyJaaaaaaaa.",
  "://a:b",
  "://:",
  "\\",
  '"',
  "sk-a ",
  "authorization: digest ",
  "authorization:bearer ",
  ',"value":{"stringValue":"',
  'token",\\',
  "--token ",
  "a",
  "=",
  "€",
];

/** CPU time and not time on the wall: other work on the machine does not count. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

// A scan that grew with the square of the length would take minutes on a megabyte, and a minute on a tenth of it.
const growthTests = [
  ...rules.flatMap(({ anchors }) => anchors).map((piece) => [piece, megabyte / 8, 1_500] as const),
  ...hostile.map((piece) => [piece, megabyte, 6_000] as const),
];

test("one megabyte of any hostile repetition is masked in linear time", {
  timeout: 600_000,
}, () => {
  for (const [piece, units, msMax] of growthTests) {
    const text = piece.repeat(Math.ceil(units / piece.length));
    expect(
      cpuMs(() => maskText(text, {})),
      piece,
    ).toBeLessThan(msMax);
  }
});

test("an unredacted record cannot be committed: it does not compile", () => {
  const attempt = (committer: Committer, record: Stamped): unknown =>
    // @ts-expect-error a Stamped is not a Redacted: only redact() makes one
    committer.commit([record]);
  expect(attempt).toBeTypeOf("function");
});
