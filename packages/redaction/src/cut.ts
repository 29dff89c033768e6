const encoder = new TextEncoder();

/** The mark of a cut: how long the value was, in UTF-8 bytes. */
function cutMark(bytes: number): string {
  return `[cut:${bytes}]`;
}

const markBytesMax = 32;

/** Cuts to at most `bytesMax` UTF-8 bytes, mark included, never inside a code point. Undefined where the text fits. */
export function cutToBytes(text: string, bytesMax: number, originalBytes: number): string {
  const room = new Uint8Array(Math.max(0, bytesMax - markBytesMax));
  // encodeInto stops before a code point that does not fit, and says how many units it took.
  const { read } = encoder.encodeInto(text, room);
  return text.slice(0, read) + cutMark(originalBytes);
}
