import { errorTypeOf } from "../error-type.ts";
import type { ModelApi } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { fieldsOf } from "../shape.ts";
import type { Inference } from "../traffic.ts";
import { observeStream } from "./observe-stream.ts";

/**
 * Watches the promise that the `openai` package returned, in place: the agent keeps the very same
 * object with its `withResponse()`, `asResponse()` and lazily parsed body. We replace two of its
 * own properties with ones that do what they did and look at what passes.
 */
export function observePromise(
  promise: unknown,
  api: ModelApi,
  inference: Inference,
  guard: Guard,
): void {
  const fields = fieldsOf(promise) as MutableFields | undefined;
  if (fields === undefined) return;
  const answered = once((body: unknown) => {
    guard(() => inference.finish(api.readAnswer(body)));
  });
  observeRejection(fields, inference, guard);
  observeRaw(fields, guard, answered);
  observeParse(fields, api, inference, guard, answered);
}

type MutableFields = Record<string, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

function observeRejection(promise: MutableFields, inference: Inference, guard: Guard): void {
  const response = promise["responsePromise"];
  if (!(response instanceof Promise)) return;
  // The rejection is passed on: a promise nobody handles must stay one that nobody handled.
  promise["responsePromise"] = response.catch((reason: unknown) => {
    guard(() => inference.fail(errorTypeOf(reason)));
    throw reason;
  });
}

/** An agent that takes the raw response reads its body itself, mostly by `json()` or `text()`. */
function observeRaw(promise: MutableFields, guard: Guard, answered: (body: unknown) => void): void {
  const asResponse = promise["asResponse"];
  if (typeof asResponse !== "function") return;
  hide(promise, "asResponse", async (...args: unknown[]) => {
    const response: unknown = await (asResponse as AnyFunction).apply(promise, args);
    guard(() => observeRawBody(response, answered));
    return response;
  });
}

function observeRawBody(response: unknown, answered: (body: unknown) => void): void {
  const fields = fieldsOf(response) as MutableFields | undefined;
  const json = fields?.["json"];
  const text = fields?.["text"];
  if (fields === undefined || typeof json !== "function" || typeof text !== "function") return;
  hide(fields, "json", async () => {
    const body: unknown = await json.call(fields);
    answered(body);
    return body;
  });
  hide(fields, "text", async () => {
    const body: unknown = await text.call(fields);
    if (typeof body === "string" && body.startsWith("{")) answered(JSON.parse(body));
    return body;
  });
}

function observeParse(
  promise: MutableFields,
  api: ModelApi,
  inference: Inference,
  guard: Guard,
  answered: (body: unknown) => void,
): void {
  const parse = promise["parseResponse"];
  if (typeof parse !== "function") return;
  promise["parseResponse"] = async (...args: unknown[]) => {
    try {
      const body: unknown = await (parse as AnyFunction).apply(promise, args);
      if (!observeStream(body, api, inference, guard)) answered(body);
      return body;
    } catch (reason) {
      guard(() => inference.fail(errorTypeOf(reason)));
      throw reason;
    }
  };
}

/** Adds a property that does not show when the object is listed or printed. */
function hide(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

function once(work: (body: unknown) => void): (body: unknown) => void {
  let done = false;
  return (body) => {
    if (done) return;
    done = true;
    work(body);
  };
}
