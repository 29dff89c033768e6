/**
 * Chance from a seed (mulberry32): the same run again sends the same texts.
 *
 * @typedef {ReturnType<typeof createRandom>} Random
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  /** A number in [0, 1). */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  /** A whole number in [min, max]; `skew` above 1 makes small ones likelier. */
  const whole = (min, max, skew = 1) => min + Math.floor(next() ** skew * (max - min + 1));
  const pick = (list) => list[Math.floor(next() * list.length)];
  const hex = (digits) => {
    let text = "";
    while (text.length < digits) {
      text += Math.floor(next() * 4_294_967_296)
        .toString(16)
        .padStart(8, "0");
    }
    return text.slice(0, digits);
  };
  return { next, whole, pick, hex, chance: (share) => next() < share };
}

const letters = createRandom(7);
const syllables =
  "an be co de er fi ge ha in jo ka le mi no or pe qua re si to un ve wi xa yo zu".split(" ");
const words = Array.from({ length: 6_000 }, () =>
  Array.from({ length: letters.whole(1, 4) }, () => letters.pick(syllables)).join(""),
);

/** @param {Random} random */
export const word = (random) => words[random.whole(0, words.length - 1, 3)];

/** @param {Random} random */
export const path = (random) =>
  `src/${word(random)}/${word(random)}-${random.hex(4)}.${random.pick(["ts", "py", "rs", "go", "md"])}`;

/**
 * Text as people, compilers and models write it, about `length` characters: common words often, rare ones seldom, numbers, paths and
 * digests in between. Repetitive text would compress as no real one does.
 *
 * @param {Random} random
 * @param {number} length
 */
export function text(random, length) {
  const parts = [];
  for (let size = 0; size < length; ) {
    const roll = random.next();
    const part =
      roll < 0.03
        ? path(random)
        : roll < 0.05
          ? random.hex(12)
          : roll < 0.09
            ? `${random.whole(0, 99_999)}`
            : word(random);
    const end = random.next();
    const piece = `${part}${end < 0.06 ? ".\n" : end < 0.12 ? ", " : " "}`;
    parts.push(piece);
    size += piece.length;
  }
  return parts.join("").slice(0, length);
}

/** A secret of a plain form, for the masks to find. @param {Random} random */
export const secret = (random) => `ghp_${random.hex(18)}${random.hex(18).toUpperCase()}`;
