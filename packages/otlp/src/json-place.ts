import type { AttributeView, ScopeView } from "@custody/model";
import { timeFromNanos } from "@custody/model";
import { type RequestOfOne, requestOfOne } from "./envelope.ts";
import { JsonAttributes } from "./json-attributes.ts";
import type { Signal } from "./malformed.ts";
import { messageOf, type Plain, type PlainMessage } from "./plain.ts";
import { SharedAttributes } from "./shared-attributes.ts";

/** What the items of one scope share. */
export interface JsonPlace {
  readonly resource: AttributeView;
  readonly scope: ScopeView;
  /** A request of its own for one item. */
  readonly json: RequestOfOne;
}

/** A function that makes the place of each scope of one resource. */
export function placesOf(
  signal: Signal,
  ofResource: PlainMessage,
): (ofScope: PlainMessage) => JsonPlace {
  const resource = present(ofResource["resource"]);
  const view = new SharedAttributes(new JsonAttributes(resource?.["attributes"]));
  return (ofScope) => {
    const scope = present(ofScope["scope"]);
    return {
      resource: view,
      scope: { name: textAt(scope?.["name"]), version: textAt(scope?.["version"]) },
      json: requestOfOne(signal, {
        resource,
        resourceSchemaUrl: textAt(ofResource["schemaUrl"]),
        scope,
        scopeSchemaUrl: textAt(ofScope["schemaUrl"]),
      }),
    };
  };
}

function present(value: Plain | undefined): PlainMessage | undefined {
  return value === undefined ? undefined : messageOf(value);
}

/** Settled text; the empty string where it is absent. */
export function textAt(value: Plain | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A settled number of 32 bits; 0 where it is absent. */
export function numberAt(value: Plain | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** A settled id, if it has `length` characters and is not all zero. */
export function idAt(value: Plain | undefined, length: number): string | undefined {
  const id = textAt(value);
  return id.length === length && !/^0*$/.test(id) ? id : undefined;
}

/** The time of settled nanoseconds; undefined where they are absent or 0. */
export function timeAt(value: Plain | undefined): string | undefined {
  return timeFromNanos(BigInt(textAt(value) || "0"));
}
