/** Attributes that name the session of an item in any source we know: an item we do not understand still shows beside what we do. */
export const sessionNames = [
  "custody.session.id",
  "gen_ai.conversation.id",
  "conversation.id",
  "session.id",
] as const;

/** A source that numbers its records keeps its number, so that an item of an unknown name is not taken for a gap. */
export const sequence = {
  own: { source: "custody.src.id", epoch: "custody.src.epoch", n: "custody.src.seq" },
  perSession: "event.sequence",
} as const;
