/** Modes and flags, in lower case, in which an agent asks nobody: the words of D-APR-01 and D-SBX-01. */
export const bypassWords: readonly string[] = [
  "danger-full-access",
  ":danger-full-access",
  "--dangerously-bypass-approvals-and-sandbox",
  "--yolo",
  "yolo",
  "bypasspermissions",
  "--dangerously-skip-permissions",
  "--approval-mode yolo",
  "--allow-all",
  "--yes-always",
  "never",
  "--allow-all-tools",
];
