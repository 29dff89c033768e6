import { VerifyError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/** The only results a control can have; none of them is an opinion (design 7). */
export const resultStates = [
  "no_exceptions",
  "exceptions_noted",
  "did_not_operate",
  "unable_to_test",
] as const;
export type ResultState = (typeof resultStates)[number];

export function parseResultState(shape: Shape): ResultState {
  const text = shape.text("result");
  const state = resultStates.find((each) => each === text);
  if (state === undefined) throw new VerifyError("SHAPE", `${shape.path}.result is no result`);
  return state;
}

/** What the counts say. `unable_to_test` is not a matter of counts: it is stated with its reasons and dominates. */
export function resultOfCounts(inScope: number, exceptions: number): ResultState {
  if (exceptions > 0) return "exceptions_noted";
  return inScope === 0 ? "did_not_operate" : "no_exceptions";
}
