/** What bounds the work on one session's hostile records, with units. */
export const detectionLimits = {
  /** Clocks of agent, proxy and approver may differ by this much (compliance 9.1). */
  skewMs: 2_000,
  /** Findings of one rule in one session; the earliest stay. */
  findingsPerRuleMax: 1_000,
  /** Grants of a session for one tool that are weighed for each of its calls; the earliest count. */
  grantsPerToolMax: 64,
  /** Denied calls that one later call is compared with, the latest of its window. */
  denialsComparedMax: 16,
  /** Programs of one call that are compared with another's. */
  programsPerCallMax: 64,
  /** Operands of one program, and words of one intent: what stands behind is not compared. */
  intentWordsMax: 64,
  /** Text that an interpreter is handed, in UTF-16 units; what stands behind is not searched. */
  hiddenTextUnitsMax: 8_192,
  /** A target shorter than this is found in any text by chance, in UTF-16 units. */
  targetUnitsMin: 4,
} as const;
