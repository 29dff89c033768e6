import { ProofError } from "./errors.ts";

// Both classes exist in Node and in every browser, but the ECMAScript library names neither.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
// `ignoreBOM` keeps a leading byte-order mark as text, so that encoding again gives the same bytes.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const loneSurrogate = /\p{Surrogate}/u;

/** Refuses lone surrogates instead of replacing them: signed bytes never differ from the text shown. */
export function utf8Encode(text: string): Uint8Array {
  if (loneSurrogate.test(text)) throw new ProofError("UTF8", "text has a lone surrogate");
  return encoder.encode(text);
}

export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new ProofError("UTF8", "bytes are not valid UTF-8", { cause });
  }
}
