interface NamedByEvent {
  /** The span that scheduled the call, which the event shares with every call of one answer. */
  readonly scheduler: string | undefined;
  readonly prompt: string | undefined;
  readonly tool: string;
  readonly arguments: string | undefined;
  /** Time of the event: what is left to tell calls apart whose arguments are withheld. */
  readonly time: string | undefined;
}

/** A call's name, and what it was made of, for the record's attributes. */
interface CallName {
  readonly call: string;
  readonly source: string;
}

/**
 * Events name no call (agent-telemetry 3). They share the span that scheduled a whole answer's calls, not that of the call, so the tool
 * and a check of its arguments tell the calls of one answer apart; the call's own span knows all three and says the same name. Without
 * arguments that span cannot join, and the time of the event stands in; without spans the prompt does. Releases before 0.2x had none.
 */
export function callOfEvent(said: NamedByEvent): CallName {
  const where =
    said.scheduler === undefined ? `log:${said.prompt ?? ""}` : `span:${said.scheduler}`;
  const origin = said.scheduler === undefined ? "prompt" : "scheduling span";
  if (said.scheduler !== undefined && said.arguments !== undefined) {
    return {
      call: callOfSpan(said.scheduler, said.tool, said.arguments),
      source: `${origin}, tool and arguments`,
    };
  }
  const rest = said.arguments === undefined ? "" : `/${check(said.arguments)}`;
  return {
    call: `${where}/${shortName(said.tool)}/${said.time ?? ""}${rest}`,
    source: `${origin}, tool and time`,
  };
}

/** The same name from the call's own span, whose parent scheduled it, or from the scheduling span itself. */
export function callOfSpan(scheduler: string, tool: string, args: string): string {
  return `span:${scheduler}/${shortName(tool)}/${check(args)}`;
}

/** Characters of a tool's name that are part of a call's; a model can invent names of any length. */
const nameCharsMax = 80;

const shortName = (tool: string): string => tool.slice(0, nameCharsMax);

/**
 * Sixteen bits of FNV-1a over UTF-16 units: enough to tell the few calls of one answer apart, too few to confirm a guess of arguments
 * that are content (a keyed digest of them is added where the record is stamped).
 */
function check(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, "0");
}
