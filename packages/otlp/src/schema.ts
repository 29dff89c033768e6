/** What a field holds. `hex` and `base64` are protobuf bytes, named after their form in OTLP/JSON. */
export type Scalar =
  | "string"
  | "hex"
  | "base64"
  | "bool"
  | "enum"
  | "uint32"
  | "sint32"
  | "int64"
  | "uint64"
  | "fixed32"
  | "fixed64"
  | "sfixed64"
  | "double";

export interface Field {
  readonly number: number;
  /** The name in OTLP/JSON: lowerCamelCase, and no other is valid. */
  readonly name: string;
  readonly type: Scalar | Message;
  readonly repeated: boolean;
  /** Fields of one group exclude each other: the last one sent wins. */
  readonly oneof: boolean;
  /** The value is kept even where it equals the default: members of a oneof, and `optional`. */
  readonly presence: boolean;
  /** Names of an enum's values, by number. */
  readonly names: readonly string[];
}

/** One message of the OTLP protocol, as a table. `index` of a field is its place in `fields`, which stand in the order of their numbers. */
export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, number>;
  readonly byName: ReadonlyMap<string, number>;
}

type Trait = "repeated" | "oneof" | "optional" | readonly string[];
export type FieldRow = readonly [
  number: number,
  name: string,
  type: Scalar | Message,
  ...traits: Trait[],
];

/** Builds a message from its rows. `rows` is a function so that a message may hold itself (an AnyValue holds lists of AnyValues). */
export function message(name: string, rows: () => readonly FieldRow[]): Message {
  let built: Omit<Message, "name"> | undefined;
  const build = (): Omit<Message, "name"> => {
    built ??= tablesOf(rows());
    return built;
  };
  return {
    name,
    get fields() {
      return build().fields;
    },
    get byNumber() {
      return build().byNumber;
    },
    get byName() {
      return build().byName;
    },
  };
}

function tablesOf(rows: readonly FieldRow[]): Omit<Message, "name"> {
  const fields = rows.map(([number, name, type, ...traits]): Field => {
    const names = traits.find((trait) => typeof trait === "object") ?? [];
    const oneof = traits.includes("oneof");
    const presence = oneof || traits.includes("optional") || typeof type === "object";
    return { number, name, type, repeated: traits.includes("repeated"), oneof, presence, names };
  });
  return {
    fields,
    byNumber: new Map(fields.map((field, index) => [field.number, index])),
    byName: new Map(fields.map((field, index) => [field.name, index])),
  };
}
