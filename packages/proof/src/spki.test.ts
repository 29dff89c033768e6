import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { ed25519Spki } from "./index.ts";

test("the DER form of a public key is the one of RFC 8410 10.1", () => {
  const raw = Buffer.from(
    "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
    "hex",
  );
  const pem = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
  expect(Buffer.from(ed25519Spki(raw)).toString("base64")).toBe(pem);
  const key = createPublicKey({ key: Buffer.from(ed25519Spki(raw)), format: "der", type: "spki" });
  expect(key.asymmetricKeyType).toBe("ed25519");
});

test("a key of another length has no such form", () => {
  expect(() => ed25519Spki(new Uint8Array(31))).toThrow(
    expect.objectContaining({ code: "KEY_LENGTH" }),
  );
});
