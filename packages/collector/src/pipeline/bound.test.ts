import { limits } from "@custody/model";
import { expect, test } from "vitest";
import { boundAttrs, boundBody } from "./bound.ts";

test("a body within its bounds is the same object, and so is every part of it", () => {
  const body = { tool: "shell", hosts: ["a", "b"], detail: { n: 1, list: [{ x: null }] } };
  expect(boundBody(body)).toBe(body);
});

test("one string that is no text is replaced, and its neighbours stay what they were", () => {
  const body = { note: "a\ud800", detail: { list: ["b", "\udc00"], n: 1 }, kept: { x: 1 } };
  const bounded = boundBody(body);
  expect(bounded).toEqual({
    note: "a\ufffd",
    detail: { list: ["b", "\ufffd"], n: 1 },
    kept: { x: 1 },
  });
  expect(bounded.kept).toBe(body.kept);
  expect(body.note).toBe("a\ud800");
});

test("a member that is undefined is absent, at any depth", () => {
  const body = { a: undefined, detail: { b: undefined, c: 1 } };
  expect(Object.keys(boundBody(body))).toEqual(["detail"]);
  expect(Object.keys(boundBody(body).detail)).toEqual(["c"]);
});

test("a list keeps its first items up to the limit", () => {
  const list = Array.from({ length: limits.bodyListItemsMax + 1 }, (_, at) => at);
  expect(boundBody({ list }).list).toEqual(list.slice(0, -1));
});

test("a hostile name stays a member where its neighbour is replaced, and reaches no prototype", () => {
  const detail = JSON.parse('{"__proto__":{"x":1},"note":"\\ud800"}') as object;
  const bounded = boundBody({ detail }).detail;
  expect(JSON.stringify(bounded)).toBe('{"__proto__":{"x":1},"note":"\ufffd"}');
  expect(Object.getPrototypeOf(bounded)).toBe(Object.prototype);
});

test("attributes that a record may hold as they are stay the same object; others get names and text it may hold", () => {
  const plain = { "a.b": "1", _7: "é" };
  expect(boundAttrs(plain)).toBe(plain);
  expect(boundAttrs({})).toBeUndefined();
  const long = "n".repeat(257);
  expect(boundAttrs({ 7: "a", "é x": "b", "": "c", [long]: "d", ok: "\ud800" })).toEqual({
    _7: "a",
    __x: "b",
    _: "c",
    [long.slice(0, 256)]: "d",
    ok: "\ufffd",
  });
});

test("attributes over the limit are counted", () => {
  const entries = Array.from({ length: limits.attrsItemsMax + 2 }, (_, at) => [`k${at}`, "v"]);
  const bounded = boundAttrs(Object.fromEntries(entries)) ?? {};
  expect(Object.keys(bounded)).toHaveLength(limits.attrsItemsMax + 1);
  expect(bounded["attrs.dropped"]).toBe("2");
});
