import type { Condition } from "./condition.ts";
import { agentConfigWritten } from "./conditions/agent-config-written.ts";
import { approvalBypassed } from "./conditions/approval-bypassed.ts";
import { approvalMisused } from "./conditions/approval-misused.ts";
import { approverInvalid } from "./conditions/approver-invalid.ts";
import { changeUnreviewed } from "./conditions/change-unreviewed.ts";
import { clockSkewed } from "./conditions/clock-skewed.ts";
import { deniedThenRetried } from "./conditions/denied-then-retried.ts";
import { destructiveExecuted } from "./conditions/destructive-executed.ts";
import { egressAfterSecret } from "./conditions/egress-after-secret.ts";
import { egressNotListed } from "./conditions/egress-not-listed.ts";
import { escapeAttempted } from "./conditions/escape-attempted.ts";
import { executedWithoutApproval } from "./conditions/executed-without-approval.ts";
import { injectionFollowed } from "./conditions/injection-followed.ts";
import { logRead } from "./conditions/log-read.ts";
import { logTampered } from "./conditions/log-tampered.ts";
import { memoryPoisoned } from "./conditions/memory-poisoned.ts";
import { packageInstalled } from "./conditions/package-installed.ts";
import { proxyBypassed } from "./conditions/proxy-bypassed.ts";
import { rubberStamped } from "./conditions/rubber-stamped.ts";
import { runaway } from "./conditions/runaway.ts";
import { sandboxWeak } from "./conditions/sandbox-weak.ts";
import { secretAccessed } from "./conditions/secret-accessed.ts";
import { serverUnlisted } from "./conditions/server-unlisted.ts";
import { sessionUnattributed } from "./conditions/session-unattributed.ts";
import { telemetryGapped } from "./conditions/telemetry-gapped.ts";
import { unexplainedEgress } from "./conditions/unexplained-egress.ts";
import { writtenOutside } from "./conditions/written-outside.ts";

/** The conditions a rule may name: a closed list, so that a rule is data and never code. */
export const conditionNames = [
  "agent_config_written",
  "approval_bypassed",
  "approval_misused",
  "approver_invalid",
  "change_unreviewed",
  "clock_skewed",
  "denied_then_retried",
  "destructive_executed",
  "egress_after_secret",
  "egress_not_listed",
  "escape_attempted",
  "executed_without_approval",
  "injection_followed",
  "log_read",
  "log_tampered",
  "memory_poisoned",
  "package_installed",
  "proxy_bypassed",
  "rubber_stamped",
  "runaway",
  "sandbox_weak",
  "secret_accessed",
  "server_unlisted",
  "session_unattributed",
  "telemetry_gapped",
  "unexplained_egress",
  "written_outside",
] as const;
export type ConditionName = (typeof conditionNames)[number];

export const conditions: Readonly<Record<ConditionName, Condition>> = {
  agent_config_written: agentConfigWritten,
  approval_bypassed: approvalBypassed,
  approval_misused: approvalMisused,
  approver_invalid: approverInvalid,
  change_unreviewed: changeUnreviewed,
  clock_skewed: clockSkewed,
  denied_then_retried: deniedThenRetried,
  destructive_executed: destructiveExecuted,
  egress_after_secret: egressAfterSecret,
  egress_not_listed: egressNotListed,
  escape_attempted: escapeAttempted,
  executed_without_approval: executedWithoutApproval,
  injection_followed: injectionFollowed,
  log_read: logRead,
  log_tampered: logTampered,
  memory_poisoned: memoryPoisoned,
  package_installed: packageInstalled,
  proxy_bypassed: proxyBypassed,
  rubber_stamped: rubberStamped,
  runaway,
  sandbox_weak: sandboxWeak,
  secret_accessed: secretAccessed,
  server_unlisted: serverUnlisted,
  session_unattributed: sessionUnattributed,
  telemetry_gapped: telemetryGapped,
  unexplained_egress: unexplainedEgress,
  written_outside: writtenOutside,
};
