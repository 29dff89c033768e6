import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { generateWorld, type MonthPlan, shortMonth, wholeMonth } from "./month.ts";
import { deliveries } from "./speech/deliver.ts";

const sha = (texts: Iterable<string>): string => {
  const digest = createHash("sha256");
  for (const text of texts) digest.update(text);
  return digest.digest("hex");
};

function digestsOf(plan: MonthPlan): { readonly truth: string; readonly world: string } {
  const { truth, ...world } = generateWorld(plan);
  return { truth: sha([JSON.stringify(truth)]), world: sha([JSON.stringify(world)]) };
}

test("the month and what went wrong in it are those that were frozen before its author had read a rule", () => {
  expect(digestsOf(wholeMonth)).toEqual({
    truth: "a3426683fd1cda6cf5a7d7efc71abf556e6fabbca67d11f5ed5cca298fabd7c2",
    world: "c517ebed49d2027c7e6bdcdde46cc6ba027f65d089ca6e232282fcbe3e02aae6",
  });
  expect(digestsOf(shortMonth)).toEqual({
    truth: "ce5634934eafa5ce99ef08bbe02d8efd94d9590a71d8713cb4060d21addebfec",
    world: "ecdbfed8c42d1aaf46fd6ddb51c7bcabd6762531ebb428c24ab21202cd0d5ebf",
  });
});

test("its sources send the same bytes from the same seed", () => {
  const sent = deliveries(generateWorld(shortMonth));
  expect(sha(sent.map((delivery) => JSON.stringify(delivery)))).toBe(
    "c945e1dc03927a2d8972301004b6625fe1b14c542270b2ab1420cd78fbeea0f7",
  );
});
