import type { AnyValue, AttributeView } from "@custody/model";
import { anyValueOf } from "./json-value.ts";
import { messageOf, messagesOf, type Plain, type PlainMessage } from "./plain.ts";
import { booleanOf, integerOf, numberOf, textOf } from "./reading.ts";

/** Attributes over settled OTLP/JSON, indexed when the first one is asked for. The last of two equal names wins. */
export class JsonAttributes implements AttributeView {
  readonly #list: Plain | undefined;
  #index: ReadonlyMap<string, PlainMessage> | undefined;

  constructor(list: Plain | undefined) {
    this.#list = list;
  }

  text(name: string): string | undefined {
    return textOf(this.value(name));
  }

  integer(name: string): number | undefined {
    return integerOf(this.value(name));
  }

  number(name: string): number | undefined {
    return numberOf(this.value(name));
  }

  boolean(name: string): boolean | undefined {
    return booleanOf(this.value(name));
  }

  value(name: string): AnyValue | undefined {
    const value = this.#indexed().get(name);
    return value && anyValueOf(value);
  }

  has(name: string): boolean {
    return this.#indexed().has(name);
  }

  names(): Iterable<string> {
    return this.#indexed().keys();
  }

  #indexed(): ReadonlyMap<string, PlainMessage> {
    this.#index ??= new Map(
      messagesOf(this.#list).map((entry) => [
        String(entry["key"] ?? ""),
        messageOf(entry["value"]),
      ]),
    );
    return this.#index;
  }
}
