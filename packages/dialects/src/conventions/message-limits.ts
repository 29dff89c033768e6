/** Messages are hostile text: what they may cost is bounded, and what lies beyond is kept as content and not read. */
export const messageLimits = {
  /** Characters of one attribute of messages that is parsed. */
  parsedCharsMax: 4_194_304,
  /** Objects within objects, from the message down to a call. */
  depthMax: 12,
  /** Values looked at in one answer or one prompt. */
  valuesMax: 20_000,
  /** Calls read from one answer. */
  callsMax: 128,
  /** Attributes put together into one list of messages. */
  flatAttributesMax: 4_096,
} as const;
