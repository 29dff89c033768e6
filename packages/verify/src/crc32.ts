/** CRC-32 of ZIP (reflected 0xEDB88320): four tables in one, so that four bytes take one step. */
const table = new Int32Array(4 * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[byte] = value;
}
for (let i = 256; i < table.length; i++) {
  const before = table[i - 256] ?? 0;
  table[i] = (before >>> 8) ^ (table[before & 255] ?? 0);
}

/** As an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    crc =
      (table[768 + (crc & 255)] ?? 0) ^
      (table[512 + ((crc >>> 8) & 255)] ?? 0) ^
      (table[256 + ((crc >>> 16) & 255)] ?? 0) ^
      (table[crc >>> 24] ?? 0);
  }
  for (; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0);
  }
  return (crc ^ -1) >>> 0;
}
