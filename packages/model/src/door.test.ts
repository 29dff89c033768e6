import { expect, test } from "vitest";
import { bearerKey, isServedHost } from "./index.ts";

test("loopback names are served whatever their port, other names only where they are listed", () => {
  for (const host of ["localhost", "LOCALHOST:4318", "127.0.0.1:4319", "[::1]:80", "[::1]"]) {
    expect(isServedHost(host, []), host).toBe(true);
  }
  for (const host of [
    undefined,
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:80",
  ]) {
    expect(isServedHost(host, []), host).toBe(false);
  }
  expect(isServedHost("custody.example:443", ["custody.example"])).toBe(true);
});

test("a bearer key is one token of RFC 6750 and nothing else", () => {
  expect(bearerKey("Bearer cst_0123456789.~+/=-")).toBe("cst_0123456789.~+/=-");
  for (const header of [
    undefined,
    "",
    "Bearer short",
    "Basic dXNlcjpwYXNz",
    "Bearer a key of many words",
    `Bearer ${"k".repeat(513)}`,
  ]) {
    expect(bearerKey(header), header).toBeUndefined();
  }
});
