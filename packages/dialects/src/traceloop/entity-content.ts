import { isMembers, member } from "../conventions/message-text.ts";
import { jsonText, parsedJson } from "../json-path.ts";

/**
 * The arguments of a tool out of how a decorator was called: `{args, kwargs}`, or LangChain's `{inputs}`. Several positional arguments, or
 * both kinds, stay as they were written. Undefined of no input.
 */
export function argumentsOf(input: string | undefined): string | undefined {
  const value = parsedJson(input);
  if (!isMembers(value)) return input;
  const inputs = member(value, "inputs");
  if (isMembers(inputs)) return jsonText(inputs);
  const args = member(value, "args");
  const kwargs = member(value, "kwargs");
  if (!Array.isArray(args) || !isMembers(kwargs)) return input;
  if (args.length === 0) return jsonText(kwargs);
  const only =
    args.length === 1 && Object.keys(kwargs).length === 0 ? (args[0] as unknown) : undefined;
  return isMembers(only) ? jsonText(only) : input;
}

/** What a tool returned: the text itself where it returned one, its JSON otherwise. */
export function resultOf(output: string | undefined): string | undefined {
  const value = output?.startsWith('"') === true ? parsedJson(output) : undefined;
  return typeof value === "string" ? value : output;
}
