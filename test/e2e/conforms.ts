import type { Schema } from "./openapi.ts";

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

const read: ReadonlySet<string> = new Set([
  "type",
  "enum",
  "const",
  "anyOf",
  "oneOf",
  "properties",
  "required",
  "additionalProperties",
  "propertyNames",
  "items",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "default",
  "description",
]);

/** Where a value differs from its JSON Schema, one line a fault. Knows what this API's schemas use; anything else is a fault too. */
export function faultsOf(value: unknown, schema: Schema, at = "$"): readonly string[] {
  const faults: string[] = Object.keys(schema)
    .filter((word) => !read.has(word))
    .map((word) => `${at}: the schema says \`${word}\`, which is not read here`);
  const { type, anyOf, oneOf } = schema;
  const names = type === undefined ? [] : [type].flat().map(String);
  if (names.length > 0 && !names.some((name) => types[name]?.(value) === true)) {
    return [...faults, `${at}: not ${names.join(" or ")}`];
  }
  if ("const" in schema && value !== schema["const"]) faults.push(`${at}: not the constant`);
  if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value)) {
    faults.push(`${at}: ${String(value)} is none of its words`);
  }
  for (const choice of [anyOf, oneOf]) {
    if (!Array.isArray(choice)) continue;
    const fits = choice.some((one: Schema) => faultsOf(value, one, at).length === 0);
    if (!fits) faults.push(`${at}: fits none of ${choice.length} choices`);
  }
  if (typeof value === "number" && value < Number(schema["minimum"] ?? Number.NEGATIVE_INFINITY)) {
    faults.push(`${at}: too small`);
  }
  if (typeof value === "string" && !new RegExp(String(schema["pattern"] ?? ""), "u").test(value)) {
    faults.push(`${at}: does not match`);
  }
  if (Array.isArray(value) && typeof schema["items"] === "object") {
    const items = schema["items"] as Schema;
    faults.push(...value.flatMap((item, index) => faultsOf(item, items, `${at}[${index}]`)));
  }
  if (types["object"]?.(value)) {
    faults.push(...objectFaults(value as Readonly<Record<string, unknown>>, schema, at));
  }
  return faults;
}

function objectFaults(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  at: string,
): readonly string[] {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema["required"] ?? []) as readonly string[];
  const rest = schema["additionalProperties"];
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}: no ${name}`);
  const found = Object.entries(value).flatMap(([name, member]) => {
    const own = properties[name];
    if (own !== undefined) return faultsOf(member, own, `${at}.${name}`);
    if (rest === false) return [`${at}: ${name} is not in the schema`];
    return typeof rest === "object" && rest !== null
      ? faultsOf(member, rest as Schema, `${at}.${name}`)
      : [];
  });
  return [...missing, ...found];
}
