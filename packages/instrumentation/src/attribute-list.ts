export type AttributeValue = string | number | boolean | readonly string[];

/**
 * Attributes in the order they are written, name and value by turns, each name once. An object with
 * more than a dozen computed keys becomes a hash table in V8, and a span has two dozen: as a list
 * they cost a third until the SDK takes them.
 */
export type AttributeList = (AttributeValue | string)[];

/** Writes one attribute, unless there is nothing to write. */
export function put(list: AttributeList, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) list.push(name, value);
}

/** `Array.isArray` does not narrow readonly arrays. */
export function isTexts(value: AttributeValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}
