import type { Attributes } from "@opentelemetry/api";

export type AttributeValue = string | number | boolean | readonly string[];

/**
 * Attributes in the order they are written, name and value by turns, each name once. An object with
 * more than a dozen computed keys becomes a hash table in V8, and a span has two dozen: as a list
 * they cost a third.
 */
export type AttributeList = (AttributeValue | string)[];

/** Writes one attribute, unless there is nothing to write. */
export function put(list: AttributeList, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) list.push(name, value);
}

/** The same attributes as an object, for an SDK or an exporter that wants one. */
export function attributesOf(list: AttributeList): Attributes {
  const attributes: Attributes = {};
  for (let at = 0; at < list.length; at += 2) {
    const value = list[at + 1];
    attributes[String(list[at])] = isTexts(value) ? [...value] : value;
  }
  return attributes;
}

/** `Array.isArray` does not narrow readonly arrays. */
export function isTexts(value: AttributeValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}
