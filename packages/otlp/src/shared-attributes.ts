import type { AnyValue, AttributeView } from "@custody/model";
import { booleanOf, integerOf, numberOf, textOf } from "./reading.ts";

/**
 * Attributes that many items share: each value is decoded once, however many items ask for it. Without that, a request of many small
 * items under one huge resource would cost their product.
 */
export class SharedAttributes implements AttributeView {
  readonly #inner: AttributeView;
  readonly #values = new Map<string, AnyValue>();
  readonly #texts = new Map<string, string>();

  constructor(inner: AttributeView) {
    this.#inner = inner;
  }

  text(name: string): string | undefined {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const text = textOf(this.value(name));
    if (text !== undefined) this.#texts.set(name, text);
    return text;
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
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = this.#inner.value(name);
    if (value !== undefined) this.#values.set(name, value);
    return value;
  }

  has(name: string): boolean {
    return this.#inner.has(name);
  }

  names(): Iterable<string> {
    return this.#inner.names();
  }
}
