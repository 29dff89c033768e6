import { type Fact, scopes, verdicts } from "@custody/model";
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
  .refine(({ session, call, action_digest }) => (session && call) || action_digest, {
    message: "names no action: give session and call, or action_digest",
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
    const { id, session, call, verdict, scope, channel, reason, decided_at, ...rest } = input;
    const identity = id
      ? ["id", id]
      : [session ?? "", call ?? rest.action_digest ?? "", decided_at];
    return {
      class: "approval",
      key: ["approval", ...identity, verdict],
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
      ...(reason ? { content: { reason } } : {}),
    };
  });
}
