import { timeFromText } from "@custody/model";
import { jsonAttributes } from "./agents-attributes.ts";
import { spanIdOf, traceIdOf } from "./agents-ids.ts";
import type { PlainMessage } from "./plain.ts";

type Item = Readonly<Record<string, unknown>>;

const statusError = 2;

/**
 * One object of a trace export as a settled OTLP span. Everything it says is an attribute under its own path, its identity in the source's
 * own form among them; a `trace` is a span without an id, which has neither times nor a parent.
 */
export function agentsSpan(item: Item): PlainMessage {
  const isTrace = textOf(item, "object") === "trace";
  const data = objectOf(item, "span_data");
  const error = objectOf(item, "error");
  const name = isTrace
    ? textOf(item, "workflow_name")
    : (textOf(data, "name") ?? textOf(data, "type"));
  const span: Record<string, PlainMessage[string]> = { attributes: jsonAttributes(item) };
  const set = (field: string, value: string | undefined): void => {
    if (value !== undefined) span[field] = value;
  };
  set("traceId", traceIdOf(textOf(item, isTrace ? "id" : "trace_id")));
  set("name", name);
  if (isTrace) return span;
  set("spanId", spanIdOf(textOf(item, "id")));
  set("parentSpanId", spanIdOf(textOf(item, "parent_id")));
  set("startTimeUnixNano", nanosOf(textOf(item, "started_at")));
  set("endTimeUnixNano", nanosOf(textOf(item, "ended_at")));
  if (error !== undefined) {
    span["status"] = { code: statusError, message: textOf(error, "message") ?? "" };
  }
  return span;
}

function memberOf(of: Item | undefined, name: string): unknown {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

function textOf(of: Item | undefined, name: string): string | undefined {
  const value = memberOf(of, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function objectOf(of: Item, name: string): Item | undefined {
  const value = memberOf(of, name);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Item)
    : undefined;
}

/** Nanoseconds since the epoch as OTLP/JSON writes them; undefined for what is no time of 1970 and later. */
function nanosOf(text: string | undefined): string | undefined {
  const time = text === undefined ? undefined : timeFromText(text);
  if (time === undefined) return undefined;
  const seconds = Date.parse(`${time.slice(0, 19)}Z`) / 1000;
  return seconds < 0 ? undefined : `${seconds}${time.slice(20, 29)}`.replace(/^0+(?=\d)/, "");
}
