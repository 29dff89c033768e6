import { hash } from "node:crypto";
import { type Fact, type FindingState, lastDisposition, type Principal } from "@custody/model";
import { z } from "zod";
import { dispositions } from "../contract/finding.ts";
import { Refusal } from "../errors.ts";

const reasonUnitsMax = 4_000;

/** What a person says of a finding. */
export const dispositionBody = z.strictObject({
  status: z.enum(["triaged", "contained", "closed"]),
  disposition: z.enum(dispositions).optional(),
  reason: z.string().trim().min(1).max(reasonUnitsMax),
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/, "letters, digits and . _ @ -")
    .optional(),
});
type Disposition = z.output<typeof dispositionBody>;

/** A key of several people names none of them. */
const sharedSubject = "shared";

/**
 * The record of what a person says: two steps, since judging a finding and being done with it are two things. It repeats the records that the person
 * saw, so that new ones show it again.
 */
export function dispositionFact(
  principal: Principal,
  state: FindingState,
  said: Disposition,
  now: string,
): Fact<"finding"> {
  if (principal.auth.subject === sharedSubject)
    throw new Refusal("forbidden", "a key that several people share disposes of nothing");
  refuseOutOfStep(state, said);
  const { winner, finding } = state;
  const { status, disposition, owner, reason } = said;
  const { rule, rule_version, severity, refs } = winner.body;
  const words = JSON.stringify([status, disposition, owner, reason, refs, state.said.length]);
  return {
    class: "finding",
    key: ["disposition", finding, hash("sha256", words, "hex")],
    ts: now,
    body: {
      rule,
      rule_version,
      severity,
      status,
      refs,
      finding,
      ...(disposition === undefined ? {} : { disposition }),
      ...(owner === undefined ? {} : { owner }),
    },
    content: { reason },
  };
}

function refuseOutOfStep({ status, said, reopened }: FindingState, wanted: Disposition): void {
  if (status === "withdrawn")
    throw new Refusal(
      "conflict",
      "its rule took this finding back: there is nothing to dispose of",
    );
  if (wanted.status === "triaged") {
    if (wanted.disposition === undefined)
      throw new Refusal("bad-request", "body.disposition: triage says true, benign or false");
    return;
  }
  if (status === "open" || reopened || lastDisposition(said) === undefined)
    throw new Refusal("conflict", "nobody has triaged this finding yet: say first what it is");
  if (status === "closed") throw new Refusal("conflict", "this finding is closed already");
}
