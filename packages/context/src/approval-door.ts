import { type Fact, limits, scopes, verdicts } from "@custody/model";
import { z } from "zod";
import { type DoorVerdict, idText, present, readDoor, timeText, wordText } from "./door.ts";

const approval = z
  .strictObject({
    verdict: z.enum(verdicts),
    scope: z.enum(scopes).default("once"),
    session: idText.nullish(),
    call: idText.nullish(),
    /** Keyed digest of (tool, arguments): binds the approval to the action it was given for. */
    action_digest: z.string().min(16).max(128).nullish(),
    /** With `tool`, instead of the digest: what was shown to the person, as JSON text in any spelling. Content; the digest is made of it. */
    arguments: z.string().min(1).max(limits.contentValueBytesMax).nullish(),
    decided_at: timeText,
    id: idText.nullish(),
    tool: wordText.nullish(),
    requester: wordText.nullish(),
    /** A standing grant this verdict gives or relies on. */
    grant: idText.nullish(),
    expires: timeText.nullish(),
    latency_ms: z.int().min(0).nullish(),
    /** Where it was decided: a chat, a ticket, a console of your own. */
    channel: wordText.default("console"),
    /** Content: kept as a commitment only. */
    reason: z.string().max(16_384).nullish(),
  })
  .refine((input) => (input.session && input.call) || input.action_digest || input.arguments, {
    message: "names no action: give session and call, or tool and arguments, or action_digest",
  })
  .refine(({ arguments: shown, tool, action_digest }) => !shown || (tool && !action_digest), {
    message: "arguments stand beside their tool, and instead of action_digest",
  })
  .refine(({ scope, grant, expires }) => scope !== "standing" || (grant && expires), {
    message: "a standing grant has a grant id and an end (expires)",
  });

/**
 * The body of `POST /v1/approvals`: a decision made elsewhere. It is a person's, because only one person's authority key opens this door;
 * who that is comes from the key and never from the body.
 */
export function parseApproval(json: unknown): DoorVerdict<Fact<"approval">> {
  return readDoor(approval, json, (input) => {
    const { id, session, call, verdict, scope, channel, reason, decided_at, ...said } = input;
    const { arguments: shown, ...rest } = said;
    const action = call ?? rest.action_digest;
    const identity = id ? ["id", id] : action && [session ?? "", action, decided_at];
    const content = present({ reason: reason || undefined, arguments: shown });
    return {
      class: "approval",
      // A key would make a plain digest of the arguments: without another name it is known by everything it says.
      ...(identity ? { key: ["approval", ...identity, verdict] } : {}),
      ts: decided_at,
      ...present({ session, call }),
      body: {
        verdict,
        by: "human",
        scope,
        raw: `${channel}/${verdict}`,
        decided_at,
        primary: true,
        ...present(rest),
      },
      ...(Object.keys(content).length > 0 ? { content } : {}),
    };
  });
}
