import { limits } from "@custody/model";
import { jsonScalars, Refused } from "./json-scalar.ts";
import { OtlpError } from "./malformed.ts";
import { anyValue } from "./messages.ts";
import { assemble, type Plain, type PlainMessage, type Slot, setSlot } from "./plain.ts";
import type { Field, Message } from "./schema.ts";

/**
 * Settles parsed JSON into plain OTLP/JSON by table: names and types are checked once, so that views never meet a surprise. Unknown
 * names are ignored and `null` is absence, as OTLP/JSON asks; of two members of a oneof the last wins.
 */
export function settleMessage(message: Message, value: unknown): PlainMessage {
  return new Settling().message(message, value, 0);
}

class Settling {
  /** Names and indexes from the root to where we are: known names alone, so that a position never repeats what was sent. */
  readonly #path: (string | number)[] = [];

  message(message: Message, value: unknown, depth: number): PlainMessage {
    if (message === anyValue && depth > limits.anyValueDepthMax) {
      const reason = `a value nests deeper than ${limits.anyValueDepthMax}`;
      throw new OtlpError("OTLP_LIMIT", reason, this.#position());
    }
    if (!isObject(value)) throw this.#malformed("is not an object");
    const slots = new Array<Slot>(message.fields.length).fill(undefined);
    for (const name of Object.keys(value)) {
      const index = message.byName.get(name);
      const field = index === undefined ? undefined : message.fields[index];
      const member = value[name];
      if (index === undefined || field === undefined || member == null) continue;
      this.#path.push(name);
      this.#field(message, index, field, member, slots, depth);
      this.#path.pop();
    }
    return assemble(message, slots);
  }

  #field(
    message: Message,
    index: number,
    field: Field,
    value: unknown,
    slots: Slot[],
    depth: number,
  ): void {
    if (!field.repeated) {
      setSlot(message, slots, index, this.#one(field, value, depth));
      return;
    }
    if (!Array.isArray(value)) throw this.#malformed("is not an array");
    for (let item = 0; item < value.length; item++) {
      this.#path.push(item);
      // A list of AnyValues may say `null` for the empty one; elsewhere `null` is no item.
      const member: unknown = value[item] ?? (field.type === anyValue ? {} : undefined);
      setSlot(message, slots, index, this.#one(field, member, depth));
      this.#path.pop();
    }
  }

  #one(field: Field, value: unknown, depth: number): Plain {
    const { type } = field;
    if (typeof type === "object") {
      return this.message(type, value, type === anyValue ? depth + 1 : depth);
    }
    const settled = jsonScalars[type](value, field);
    if (settled instanceof Refused) throw this.#malformed(settled.reason);
    return settled;
  }

  #malformed(reason: string): OtlpError {
    const last = this.#path.at(-1) ?? "the request";
    const what = typeof last === "number" ? "an item" : last;
    return new OtlpError("OTLP_JSON", `${what} ${reason}`, this.#position());
  }

  #position(): string {
    const steps = this.#path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
    return steps.join("").slice(1) || "byte 0";
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
