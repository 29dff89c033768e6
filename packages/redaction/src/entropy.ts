const sampleUnitsMax = 128;

/** Shannon entropy in bits per unit over the first units of a text, at most 128 of them. */
function entropyBits(text: string): number {
  const sample = text.slice(0, sampleUnitsMax);
  const counts = new Map<string, number>();
  for (const unit of sample) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / sample.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Looks made by a generator and not by a person. Identifiers of the form UUID are not secrets by themselves. */
export function looksRandom(value: string): boolean {
  return (
    value.length >= 20 &&
    /^[A-Za-z0-9+/=_.~-]+$/.test(value.slice(0, 512)) &&
    /[0-9].*[0-9]/.test(value.slice(0, 512)) &&
    /[A-Za-z]/.test(value.slice(0, 512)) &&
    entropyBits(value) >= 3.5 &&
    !uuid.test(value)
  );
}
