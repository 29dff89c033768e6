/** What bounds the reading of hostile arguments and lines, with units. */
export const contextLimits = {
  /** Arguments beyond this many UTF-16 units are not read for hosts and risk. */
  argumentsUnitsMax: 1_048_576,
  /** Strings taken out of one JSON argument object. */
  argumentStringsMax: 2_000,
  /** Nesting of a JSON argument object, and of shells inside shells. */
  argumentDepthMax: 16,
  shellDepthMax: 4,
  /** What variables and substitutions of one text may come to, in UTF-16 units: nothing grows by being named again. */
  expandedUnitsMax: 65_536,
  /** Of one file that a call writes, in UTF-16 units: what stands behind is not read when it is run. */
  writtenUnitsMax: 16_384,
  /** A path in a command: no system opens a longer one. */
  pathUnitsMax: 4_096,
  /** Files that one call would read or write, as the rules see them. */
  touchesMax: 256,
  /** Words that `xargs` is handed by a text. */
  handedWordsMax: 256,
  /** Commands of one text. */
  commandsMax: 4_096,
  /** A host name as DNS allows it. */
  hostUnitsMax: 253,
  /** Canonical text of one policy document: it must leave room in a record of 65,535 bytes. */
  policyDocumentUnitsMax: 49_152,
  /** One line of an egress log. */
  egressLineUnitsMax: 65_536,
  /** One line of a sandbox runtime's log: a pod is longer than a flow. */
  sandboxLineUnitsMax: 1_048_576,
  /** Calls further than this from a flow are not weighed for it. */
  joinWindowMs: 600_000,
  /** Clocks of proxy and agent may differ by this much; a flow that only this makes a call's is weakly explained. */
  joinSkewMs: 2_000,
  /** What rounding and synchronised clocks come to: within it a call counts as open. */
  joinGraceMs: 250,
  /** Executions of one action that one verdict is weighed for. */
  runsOfApprovalMax: 1_000,
  /** A verdict given so long after an execution, and before any other, is shown as given for it too late. */
  approvalAfterRunMsMax: 900_000,
  /** An observation's excerpt in a dossier, in UTF-16 units. */
  excerptUnitsMax: 2_000,
  /** Devices, principals and agents of one list of those who should report, and of one record of it: names are up to 256 units of 3 bytes. */
  expectedEntriesMax: 4_000,
  expectedEntriesPerRecord: 32,
  /** Processes that are told apart under one name of a numbered source, and holes that are named of it. */
  runsMax: 200,
  holesMax: 100,
} as const;
