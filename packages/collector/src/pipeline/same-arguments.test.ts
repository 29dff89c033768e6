import fc from "fast-check";
import { expect, test } from "vitest";
import { sameArguments } from "./same-arguments.ts";

test("the same arguments, spaced and escaped in another way, have one spelling", () => {
  const one = '{"command":"ls /é","n":1}';
  for (const text of [
    '{"command": "ls /é", "n": 1}',
    '{\n  "command": "ls \\/\\u00e9",\r\n\t"n": 1\n}\n',
    one,
  ]) {
    expect(sameArguments(text)).toBe(one);
  }
});

test("what another reader could take for something else stays something else", () => {
  const texts = [
    '{"a":1,"b":2}',
    '{"b":2,"a":1}',
    '{"a":1,"a":2}',
    '{"a":2}',
    '{"a":12345678901234567890}',
    '{"a":12345678901234567891}',
    '{"a":1.0}',
    '{"a":"ls  -l"}',
    '{"a":"ls -l"}',
  ];
  expect(new Set(texts.map(sameArguments)).size).toBe(texts.length);
});

test("what is no JSON is left as it is", () => {
  for (const text of ["ls  -l", "{not json}", '"a  b"', "", '{"a": "unfinished']) {
    expect(sameArguments(text)).toBe(text);
  }
});

test("any value has one spelling, however it is indented, and it is that value still", () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.json()), fc.dictionary(fc.string(), fc.json())), (value) => {
      const spelled = sameArguments(JSON.stringify(value));
      expect(sameArguments(JSON.stringify(value, null, 3))).toBe(spelled);
      expect(JSON.parse(spelled)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
