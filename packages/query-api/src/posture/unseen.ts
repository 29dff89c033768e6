import { isAgents, type WindowFacts } from "@custody/context";

/** What the numbers of a window cannot show, as sentences: each names what would make it visible. */
export function unseenOf(facts: WindowFacts): readonly string[] {
  const agents = facts.sources.filter((source) => isAgents(source) && source.agent !== "");
  const unnumbered = [
    ...new Set(agents.filter(({ numbered }) => numbered === 0).map(({ agent }) => agent)),
  ].sort();
  const unclean = facts.sessions.filter(({ ending }) => ending === "unclean");
  const lost = unclean.reduce((sum, { count }) => sum + count, 0);
  const { ground } = facts;
  return [
    ...(facts.expected === undefined
      ? [
          "Nobody named who should report (PUT /v1/expected): an agent that never spoke is not counted anywhere here.",
        ]
      : []),
    ...(unnumbered.length > 0
      ? [
          `${unnumbered.join(", ")} number nothing they send: what of theirs was lost on the way shows only against what observers saw.`,
        ]
      : []),
    ...(lost > 0
      ? [
          `${lost} sessions fell silent without an end: no number follows their last record, so what came after it cannot be missed.`,
        ]
      : []),
    ...(ground.proxies === 0
      ? ["No observer watches the network: flows that agents do not tell leave no trace here."]
      : []),
    ...(ground.runtimes === 0
      ? ["No sandbox runtime reports: confinement is what agents say of themselves."]
      : []),
    ...(ground.keyless > 0
      ? [
          `${ground.keyless} records came without a key: anything on this machine could have sent them, under any agent's name.`,
        ]
      : []),
    "What the collector refused is counted by reason on its /metrics since it started, and is in no ledger.",
    "Not reconciled: providers' own logs (R4), approval channels (R6), model gateways (R7). Nothing here reads them.",
  ];
}
