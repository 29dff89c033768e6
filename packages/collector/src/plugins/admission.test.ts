import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";

const megabyte = 1_048_576;

/** The code of the refusal, or "seated". */
function tried(enter: () => unknown): string {
  try {
    enter();
    return "seated";
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

test("a source that has too much in flight is refused, and another is not", () => {
  const admission = createAdmission();
  admission.enter("a", 60 * megabyte);
  expect(tried(() => admission.enter("a", 10 * megabyte))).toBe("overloaded");
  expect(tried(() => admission.enter("b", 60 * megabyte))).toBe("seated");
  // Both together have left little for a third.
  expect(tried(() => admission.enter("c", 10 * megabyte))).toBe("full");
  expect(admission.bytes()).toBe(120 * megabyte);
});

test("two sources that fill what they may leave room for a third: what one source may have shrinks with what the others hold", () => {
  const admission = createAdmission();
  for (const subject of ["a", "a", "a", "a", "b", "b"]) admission.enter(subject, 16 * megabyte);
  // Ninety-six of 128 are taken: half of what "a" left is what "b" may have.
  expect(tried(() => admission.enter("b", 16 * megabyte))).toBe("overloaded");
  expect(tried(() => admission.enter("a", megabyte))).toBe("overloaded");
  expect(tried(() => admission.enter("c", 16 * megabyte))).toBe("seated");
});

test("whoever is alone is seated whatever it weighs, and may grow", () => {
  const admission = createAdmission();
  const { seat } = admission.enter("a", 100 * megabyte);
  expect(tried(() => seat.grow(100 * megabyte))).toBe("seated");
  expect(tried(() => admission.enter("b", 1))).toBe("full");
});

test("a request that unfolds beyond what fits is refused, and weighs no more than before", () => {
  const admission = createAdmission();
  admission.enter("a", 40 * megabyte);
  const { seat, gone } = admission.enter("a", megabyte);
  expect(tried(() => seat.grow(30 * megabyte))).toBe("overloaded");
  expect(admission.bytes()).toBe(41 * megabyte);
  gone();
  expect(admission.bytes()).toBe(40 * megabyte);
});

test("a request whose client left weighs until nobody works on it any more", () => {
  const admission = createAdmission();
  const { seat, gone } = admission.enter("a", megabyte);
  const release = seat.hold();
  gone();
  gone();
  expect(admission.bytes()).toBe(megabyte);
  release();
  release();
  expect(admission.bytes()).toBe(0);
});
