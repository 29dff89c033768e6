import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { isOwnEndpoint } from "./own-endpoint.ts";

test("every name and address of this machine with one of our ports is ours", async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ address, family }) => (family === "IPv4" ? [address] : [])),
  );
  expect(addresses.length).toBeGreaterThan(0);
  const hosts = ["127.0.0.1", "127.0.0.2", "localhost", "[::1]", "0.0.0.0", "2130706433"];
  for (const host of [...hosts, ...addresses]) {
    expect(await isOwnEndpoint(`http://${host}:4318/v1/traces`, [4318, 4317]), host).toBe(true);
  }
});

test("another port, another machine and a name that nobody has are not ours", async () => {
  expect(await isOwnEndpoint("http://127.0.0.1:4328/v1/traces", [4318])).toBe(false);
  expect(await isOwnEndpoint("http://192.0.2.7:4318/v1/traces", [4318])).toBe(false);
  expect(await isOwnEndpoint("http://nobody.invalid:4318/v1/traces", [4318])).toBe(false);
});

test("a port that is not written is that of the scheme", async () => {
  expect(await isOwnEndpoint("http://127.0.0.1/v1/traces", [80])).toBe(true);
  expect(await isOwnEndpoint("https://127.0.0.1/v1/traces", [443])).toBe(true);
});
