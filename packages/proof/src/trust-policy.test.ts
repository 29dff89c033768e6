import { expect, test } from "vitest";
import { createTestSigner, sha256 } from "../../../test/support/crypto.ts";
import { createNoteKey, type NoteKeyType, printVkey } from "./key.ts";
import { parseTrustPolicy, quorumReached } from "./trust-policy.ts";
import { utf8Encode } from "./utf8.ts";

const vkey = (name: string, type: NoteKeyType): string =>
  printVkey(createNoteKey(sha256, { name, type, publicKey: createTestSigner().publicKey }));
const log = vkey("log.example/a", "ed25519");
const [x1, x2, x3, y1] = ["x1", "x2", "x3", "y1"].map((name) => vkey(name, "cosignature"));
const parse = (text: string) => parseTrustPolicy(sha256, utf8Encode(text));

test("the two-level quorum of the specification's example is met by two of X and one of Y, and by no fewer", () => {
  const policy = parse(`# a comment
log ${log} https://log.example/
witness X1 ${x1}
  witness\tX2 ${x2} https://w.example
witness X3 ${x3}
group X-witnesses 2 X1 X2 X3
witness Y1 ${y1}
group Y-witnesses any Y1

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`);
  expect(policy.logs.map(printVkey)).toEqual([log]);
  const seen = (...names: readonly string[]): boolean =>
    policy.quorum !== undefined &&
    quorumReached(
      policy.quorum,
      new Set(policy.witnesses.filter(({ name }) => names.includes(name))),
    );
  expect(seen("x1", "x3", "y1")).toBe(true);
  expect(seen("x1", "x2", "x3", "y1")).toBe(true);
  expect(seen("x1", "y1")).toBe(false);
  expect(seen("x1", "x2", "x3")).toBe(false);
  expect(seen()).toBe(false);
});

test("quorum none asks for no witness", () => {
  expect(parse(`log ${log}\nquorum none\n`).quorum).toBeUndefined();
});

const refused: readonly (readonly [string, string])[] = [
  ["no quorum", `log ${log}\n`],
  ["two quorums", "quorum none\nquorum none\n"],
  ["an undefined quorum", "quorum somebody\n"],
  ["an unknown line", "anchor x\nquorum none\n"],
  ["a line named like an inherited member", "constructor x\nquorum none\n"],
  ["a witness key as a log", `log ${x1}\nquorum none\n`],
  ["a log key as a witness", `witness W ${log}\nquorum W\n`],
  ["a log listed twice", `log ${log}\nlog ${log}\nquorum none\n`],
  ["a name defined twice", `witness W ${x1}\nwitness W ${x2}\nquorum W\n`],
  ["a witness that counts twice", `witness W ${x1}\ngroup G 1 W W\nquorum G\n`],
  ["a witness in two groups", `witness W ${x1}\ngroup A 1 W\ngroup B 1 W\nquorum A\n`],
  ["a threshold past its members", `witness W ${x1}\ngroup G 2 W\nquorum G\n`],
  ["a threshold of none", `witness W ${x1}\ngroup G 0 W\nquorum G\n`],
  ["a group without members", "group G all\nquorum G\n"],
  ["a witness called none", `witness none ${x1}\nquorum none\n`],
  ["a third item", `log ${log} https://a https://b\nquorum none\n`],
];
test.each(refused)("a policy with %s is refused", (_, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "POLICY_FORMAT" }));
});

test("a policy too long, or with too many entries, is refused", () => {
  const limit = expect.objectContaining({ code: "POLICY_LIMIT" });
  expect(() => parse(`${"#".repeat(262_144)}\nquorum none\n`)).toThrow(limit);
  const many = Array.from({ length: 257 }, (_, i) => `log ${vkey(`l${i}`, "ed25519")}\n`).join("");
  expect(() => parse(`${many}quorum none\n`)).toThrow(limit);
});
