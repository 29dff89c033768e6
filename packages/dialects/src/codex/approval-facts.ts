import {
  approvalWords,
  type FactSink,
  type LogView,
  timeFromMillis,
  type Verdict,
} from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { keyTime, logEnvelope } from "./envelope.ts";
import { kept, known } from "./fields.ts";
import { codexToolKind } from "./tools.ts";

/**
 * `codex.tool_decision`: the verdict, the decision it was given for, and, where it allowed, the start of the call: of a process that is
 * killed while the command runs nothing else arrives.
 */
export function toolDecision(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const call = filled(attributes, "call_id");
  const decision = filled(attributes, "decision");
  if (call === undefined || decision === undefined) return "opaque";
  const envelope = { ...logEnvelope(item), call };
  const session = envelope.session ?? "";
  const source = attributes.text("source") ?? "";
  const tool = attributes.text("tool_name") ?? "";
  const namespace = filled(attributes, "tool_namespace");
  const kind = codexToolKind(tool, namespace, undefined);
  const words = approvalWords("codex", decision, source);
  const verdict = words?.verdict ?? unlistedVerdict(decision);
  sink.fact({
    class: "approval",
    // The words of the verdict are no part of its identity: turned over, it contradicts the true one.
    key: ["approval", session, call, keyTime(item)],
    ...envelope,
    body: {
      verdict,
      by: words?.by ?? "unknown",
      scope: words?.scope ?? "once",
      raw: `${decision}/${source}`,
      tool,
      primary: true,
    },
    ...present({ attrs: words === undefined ? { "approval.words": "unlisted" } : undefined }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  sink.fact({
    class: "decision",
    key: ["decision", session, call, "tool_decision", keyTime(item)],
    ...envelope,
    body: present({ tool, kind, namespace, arguments_state: "missing" as const }),
  });
  if (verdict !== "allow") return "done";
  sink.fact({
    class: "tool_call",
    key: ["tool_call", session, call, "start", keyTime(item)],
    ...envelope,
    body: present({
      event: "start" as const,
      tool,
      kind,
      namespace,
      status: "started" as const,
      arguments_state: "missing" as const,
      primary: false,
    }),
  });
  return "done";
}

/** The set of words is open: a new one keeps its family, and what has none neither allows nor denies. */
function unlistedVerdict(decision: string): Verdict {
  if (decision.startsWith("approved")) return "allow";
  return decision.startsWith("denied") ? "deny" : "ask";
}

const reviews: Readonly<Record<string, Verdict>> = {
  approved: "allow",
  denied: "deny",
  timed_out: "timeout",
  aborted: "abort",
};

/**
 * `codex.guardian_assessment` (opt-in): the reviewer's reasons for a verdict that `codex.tool_decision` states as well, so it never counts
 * beside it.
 */
export function guardianAssessment(item: LogView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const status = attributes.text("status") ?? "";
  const verdict = Object.hasOwn(reviews, status) ? reviews[status] : undefined;
  if (verdict === undefined) return "opaque";
  const envelope = logEnvelope(item);
  const call = filled(attributes, "item.id");
  const started = whole(attributes, "started_at_ms");
  const completed = whole(attributes, "completed_at_ms");
  sink.fact({
    class: "approval",
    key: [
      "approval",
      envelope.session ?? "",
      "guardian",
      attributes.text("review.id") ?? keyTime(item),
    ],
    ...envelope,
    ...present({ call, turn: filled(attributes, "turn.id") }),
    body: present({
      verdict,
      by: "auto_reviewer" as const,
      scope: "once" as const,
      raw: `guardian/${status}`,
      decided_at: timeOf(completed),
      latency_ms:
        started === undefined || completed === undefined
          ? undefined
          : Math.max(0, completed - started),
      primary: false,
    }),
    ...present({ attrs: listed(attributes, kept["codex.guardian_assessment"]) }),
    ...contents({ reason: filled(attributes, "rationale"), attributes: unlisted(item, known) }),
  });
  return "done";
}

/** Milliseconds beyond the year 9999 are not a time. */
function timeOf(millis: number | undefined): string | undefined {
  return millis === undefined || millis > 253_402_300_799_999 ? undefined : timeFromMillis(millis);
}
