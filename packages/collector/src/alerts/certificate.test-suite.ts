import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate that signs itself, made for one test: no key lies in the repository, and none runs out. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const utcTime = (at: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, "")
        .slice(2)}`,
    ),
  );

const ecdsaWithSha256 = sequence(bytes("06082a8648ce3d040302"));
const commonName = bytes("0603550403");
const subjectAltName = bytes("0603551d11");

/** X.509 version 3 (RFC 5280) over P-256, of an hour ago until in an hour, for one DNS name. */
export function createCertificate(name: string): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const own = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const now = Date.now();
  const validity = sequence(utcTime(new Date(now - 3_600_000)), utcTime(new Date(now + 3_600_000)));
  const names = der(0x04, sequence(der(0x82, Buffer.from(name))));
  const body = sequence(
    der(0xa0, bytes("020102")),
    der(0x02, bytes("01")),
    ecdsaWithSha256,
    own,
    validity,
    own,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(subjectAltName, names))),
  );
  const signature = der(0x03, bytes("00"), sign("sha256", body, privateKey));
  const whole = sequence(body, ecdsaWithSha256, signature).toString("base64");
  const lines = whole.replaceAll(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
