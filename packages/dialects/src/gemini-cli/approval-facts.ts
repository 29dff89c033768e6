import { approvalWords, type FactSink } from "@custody/model";
import { present } from "../present.ts";
import type { Envelope } from "./envelope.ts";
import type { Outcome } from "./outcomes.ts";

export type CallEnvelope = Envelope & { readonly call: string };

/** The call an approval is of, and the record it makes. */
interface Approved {
  readonly envelope: CallEnvelope;
  readonly key: readonly string[];
  readonly tool: string;
  readonly primary: boolean;
  readonly mode?: string | undefined;
}

interface Verdict {
  /** The word of an event, or the outcome itself in a span. */
  readonly decision: string | undefined;
  readonly success: boolean | undefined;
  readonly errorType: string | undefined;
  readonly interactive: boolean | undefined;
  readonly outcome: Outcome;
}

/** No verdict and no refusal means that nobody was asked and none is told. */
export function tellApproval(approved: Approved, verdict: Verdict, sink: FactSink): void {
  if (verdict.decision !== undefined) {
    tellDecided(approved, verdict, verdict.decision, sink);
    return;
  }
  const { refused } = verdict.outcome;
  if (refused === undefined) return;
  const { envelope, key, tool, primary, mode } = approved;
  sink.fact({
    class: "approval",
    key,
    ...envelope,
    ...present({ inferred: refused.concluded ? (true as const) : undefined }),
    body: present({
      verdict: "deny" as const,
      by: refused.by,
      scope: "once" as const,
      raw: verdict.errorType ?? "error without a decision",
      tool,
      mode,
      primary,
    }),
  });
}

/**
 * The agent writes `reject` for whatever its table does not list, and a permission that is saved for all sessions is not on it. A rejected
 * call never runs, so one that ran was allowed, for good, by whoever chose to save it (agent-telemetry 3). That is a conclusion and says so.
 */
function tellDecided(
  { envelope, key, tool, primary, mode }: Approved,
  { success, interactive, outcome }: Verdict,
  decision: string,
  sink: FactSink,
): void {
  const isSaved = decision === "reject" && outcome.ran === true;
  const words = approvalWords("gemini-cli", decision, isSaved ? ranWord(interactive) : "");
  sink.fact({
    class: "approval",
    // The words of the verdict are no part of its identity: turned over, it contradicts the true one.
    key,
    ...envelope,
    ...present({ inferred: isSaved ? (true as const) : undefined }),
    body: present({
      verdict: words?.verdict ?? ("ask" as const),
      by: words?.by ?? ("unknown" as const),
      scope: words?.scope ?? ("once" as const),
      raw: isSaved ? `${decision} of a call that ran` : decision,
      tool,
      mode,
      primary,
    }),
    attrs: {
      ...envelope.attrs,
      ...present({
        decision,
        success: success === undefined ? undefined : String(success),
        interactive: interactive === undefined ? undefined : String(interactive),
        "approval.concluded": isSaved ? "reject stands for a permission that was saved" : undefined,
        "approval.words": words === undefined ? "unlisted" : undefined,
      }),
    },
  });
}

/** Nobody can have saved a permission where nobody is there to be asked. */
function ranWord(interactive: boolean | undefined): string {
  return interactive === false ? "ran headless" : "ran";
}
