import type { Field, Message } from "./schema.ts";

/** OTLP/JSON in one settled form: fields in the order of their numbers, defaults absent, 64-bit integers as text, ids in lower case. */
export type Plain = string | number | boolean | readonly Plain[] | PlainMessage;
export interface PlainMessage {
  readonly [field: string]: Plain;
}

/** The value of one field while its message is read: a list where the field is repeated. */
export type Slot = Plain | Plain[] | undefined;

/** Puts a value into its slot; a member of a oneof empties the slots of the others. */
export function setSlot(message: Message, slots: Slot[], index: number, value: Plain): void {
  const { fields } = message;
  const field = fields[index];
  if (field?.repeated) {
    const list = slots[index];
    if (Array.isArray(list)) list.push(value);
    else slots[index] = [value];
    return;
  }
  if (field?.oneof) {
    for (let other = 0; other < fields.length; other++) {
      if (fields[other]?.oneof) slots[other] = undefined;
    }
  }
  slots[index] = value;
}

/** The message in its settled form. Its names are the table's, never the sender's. */
export function assemble(message: Message, slots: readonly Slot[]): PlainMessage {
  const { fields } = message;
  const out: Record<string, Plain> = {};
  for (let index = 0; index < fields.length; index++) {
    const value = slots[index];
    const field = fields[index];
    if (value !== undefined && field !== undefined && !isDefault(field, value)) {
      out[field.name] = value;
    }
  }
  return out;
}

/** Types of 64 bits, whose zero is text in OTLP/JSON; a name that is "0" is a name. */
const textual: ReadonlySet<Field["type"]> = new Set(["int64", "uint64", "fixed64", "sfixed64"]);

function isDefault(field: Field, value: Plain): boolean {
  if (field.presence || field.repeated) return false;
  if (value === "0") return textual.has(field.type);
  return value === "" || value === 0 || value === false;
}

/** JSON has no form for these doubles: OTLP/JSON writes them as text. */
export function plainDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

const nothing: PlainMessage = {};

/** The message a settled value is; an empty one where it is absent. */
export function messageOf(value: Plain | undefined): PlainMessage {
  return isMessage(value) ? value : nothing;
}

export function messagesOf(value: Plain | undefined): readonly PlainMessage[] {
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

function isMessage(value: Plain | undefined): value is PlainMessage {
  return typeof value === "object" && !Array.isArray(value);
}
