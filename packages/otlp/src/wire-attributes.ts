import type { AnyValue, AttributeView } from "@custody/model";
import { booleanOf, integerOf, numberOf, textOf } from "./reading.ts";
import type { WireBody } from "./wire-body.ts";
import { checkValue } from "./wire-check.ts";
import { readValue } from "./wire-value.ts";

/** One attribute is five numbers: mark, start and end of its name, start and end of its value (-1 where it has none). */
const stride = 5;
/** Lists up to this length are searched from the end; longer ones get a map, so that hostile length never costs its square. */
const searchedItemsMax = 48;

/** Where the attributes of a body's items lie in its bytes. Grows as they are found, bounded by `requestValuesMax`. */
export class AttributePlaces {
  readonly body: WireBody;
  /** True once a name was not ASCII: such lists are looked up by their decoded names. */
  odd = false;
  length = 0;
  records: Int32Array;

  constructor(body: WireBody, itemsExpected: number) {
    this.body = body;
    this.records = new Int32Array(itemsExpected * stride);
  }

  /** Checks the KeyValue that begins at the cursor and ends at `end`, and notes its place. */
  add(end: number): void {
    const { body } = this;
    const { cursor } = body;
    body.countValue();
    let nameStart = 0;
    let nameEnd = 0;
    let valueStart = -1;
    let valueEnd = -1;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x0a) {
        nameEnd = cursor.stop(end);
        nameStart = cursor.at;
        if (!body.checkText(nameStart, nameEnd)) this.#notAscii(nameStart, nameEnd);
        cursor.at = nameEnd;
      } else if (tag === 0x12) {
        valueEnd = cursor.stop(end);
        valueStart = cursor.at;
        checkValue(body, valueEnd, 1);
      } else if (tag >>> 3 <= 2) {
        throw cursor.malformed("a KeyValue's field has a foreign wire type", cursor.at);
      } else {
        cursor.skip(tag, end);
      }
    }
    this.#note(nameStart, nameEnd, valueStart, valueEnd);
  }

  /** `checkText` also answers false for a long ASCII name, which it gave to the engine to check. */
  #notAscii(start: number, end: number): void {
    const { bytes } = this.body.cursor;
    for (let at = start; at < end && !this.odd; at++) this.odd = (bytes[at] ?? 0) > 127;
  }

  #note(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    if (this.length === this.records.length) {
      const grown = new Int32Array(Math.max(this.length * 2, 16 * stride));
      grown.set(this.records);
      this.records = grown;
    }
    const { bytes } = this.body.cursor;
    const count = nameEnd - nameStart;
    const records = this.records;
    const at = this.length;
    records[at] = mark(
      count,
      bytes[nameEnd - 1] ?? 0,
      bytes[nameEnd - 2] ?? 0,
      bytes[nameStart + (count >> 1)] ?? 0,
    );
    records[at + 1] = nameStart;
    records[at + 2] = nameEnd;
    records[at + 3] = valueStart;
    records[at + 4] = valueEnd;
    this.length = at + stride;
  }
}

/** Tells most names apart by four of their features; equal marks are then compared byte by byte. */
function mark(count: number, last: number, beforeLast: number, middle: number): number {
  if (count < 2) return count === 0 ? 0 : last;
  return (count << 21) ^ (last << 14) ^ (beforeLast << 7) ^ middle;
}

function markOf(name: string): number {
  const count = name.length;
  return mark(
    count,
    count > 0 ? name.charCodeAt(count - 1) : 0,
    count > 1 ? name.charCodeAt(count - 2) : 0,
    count > 0 ? name.charCodeAt(count >> 1) : 0,
  );
}

/** Attributes over borrowed bytes: a name is looked for, and its value decoded, when it is asked for. */
export class WireAttributes implements AttributeView {
  readonly #places: AttributePlaces;
  readonly #from: number;
  readonly #to: number;
  #index: ReadonlyMap<string, number> | undefined;

  /** The attributes noted in `[from, to)` of `places`. */
  constructor(places: AttributePlaces, from: number, to: number) {
    this.#places = places;
    this.#from = from;
    this.#to = to;
  }

  text(name: string): string | undefined {
    const at = this.#find(name);
    if (at === undefined) return undefined;
    const { body, records } = this.#places;
    const start = records[at + 3] ?? -1;
    const end = records[at + 4] ?? -1;
    const { bytes } = body.cursor;
    // Nearly every attribute is a short string: its tag, one byte of length, its text. That one is read without a detour.
    const length = end - start - 2;
    const isShort = length < 128 && bytes[start] === 0x0a && bytes[start + 1] === length;
    return isShort ? body.text(start + 2, end) : textOf(this.value(name));
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
    const at = this.#find(name);
    if (at === undefined) return undefined;
    const { body, records } = this.#places;
    const start = records[at + 3] ?? -1;
    return start < 0 ? { type: "empty" } : readValue(body, start, records[at + 4] ?? start);
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  names(): Iterable<string> {
    this.#index ??= this.#indexed();
    return this.#index.keys();
  }

  #find(name: string): number | undefined {
    if (this.#index === undefined) {
      if (!this.#places.odd && this.#to - this.#from <= searchedItemsMax * stride) {
        return this.#search(name);
      }
      this.#index = this.#indexed();
    }
    return this.#index.get(name);
  }

  /** From the end, because the last of two equal names wins. */
  #search(name: string): number | undefined {
    const { records } = this.#places;
    const wanted = markOf(name);
    for (let at = this.#to - stride; at >= this.#from; at -= stride) {
      if (records[at] === wanted && this.#isNamed(at, name)) return at;
    }
    return undefined;
  }

  #isNamed(at: number, name: string): boolean {
    const { body, records } = this.#places;
    const { bytes } = body.cursor;
    const start = records[at + 1] ?? 0;
    const count = (records[at + 2] ?? 0) - start;
    if (count !== name.length) return false;
    for (let i = 0; i < count; i++) {
      if (bytes[start + i] !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  #indexed(): ReadonlyMap<string, number> {
    const { body, records } = this.#places;
    const index = new Map<string, number>();
    for (let at = this.#from; at < this.#to; at += stride) {
      index.set(body.text(records[at + 1] ?? 0, records[at + 2] ?? 0), at);
    }
    return index;
  }
}
