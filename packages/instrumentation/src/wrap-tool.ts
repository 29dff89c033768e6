import type { ToolAttempt } from "./agent-input.ts";
import type { SessionState } from "./session-state.ts";
import { jsonOf } from "./shape.ts";

type AnyFunction = (...args: never[]) => unknown;

/** A function that behaves as `fn`, under its name and arity, and runs inside `around`. */
export function wrapFunction<F extends AnyFunction>(
  fn: F,
  around: (args: readonly unknown[], run: (attempt: ToolAttempt) => unknown) => unknown,
): F {
  const wrapped = function (this: unknown, ...args: never[]): unknown {
    return around(args, () => fn.apply(this, args));
  };
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(fn));
  return wrapped as AnyFunction as F;
}

/**
 * The model's call that this function call carries out: the oldest open one of the tool with the
 * same arguments, else the only open one of the tool. Two that could both be meant match neither.
 */
export function matchingCall(
  session: SessionState,
  tool: string,
  args: readonly unknown[],
): string | undefined {
  const open = [...session.waiting.values()].filter(
    (call) => call.tool === tool && call.attempt === undefined,
  );
  const given = [jsonOf(args[0]), jsonOf(args)];
  const same = open.find((call) => {
    const decided = normalJson(call.arguments);
    return (
      decided !== undefined && (given.includes(decided) || jsonOf(valuesOf(decided)) === given[1])
    );
  });
  return (same ?? (open.length === 1 ? open[0] : undefined))?.call;
}

function normalJson(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The values of an argument object in order, for a tool called with them one by one. */
function valuesOf(json: string): readonly unknown[] {
  const parsed: unknown = JSON.parse(json);
  return typeof parsed === "object" && parsed !== null ? Object.values(parsed) : [parsed];
}
