import type { ApproverStrength, LedgerRecord, PlacedRecord } from "@custody/model";
import type { PrincipalsDocument, RolesDocument, Tier } from "./policy-shape.ts";
import { isAgentsOwn } from "./principal.ts";

type Approval = LedgerRecord<"approval">;

/** What the policies in force when it was said know of people and roles. */
export interface KnownPeople {
  readonly principals: readonly PrincipalsDocument[];
  readonly roles: readonly RolesDocument[];
}

export interface ApproverFacts {
  readonly strength: ApproverStrength;
  /** False where the one who said it asked for it, or the session acts for them; undefined where one of the two is not known. */
  readonly fourEyes: boolean | undefined;
  /** Undefined where no roles policy in force says who may approve this tier. */
  readonly inRole: boolean | undefined;
}

/** The role whose members may approve a tier (compliance 10.3). */
export function approverRole(tier: Tier): string {
  return `agent-approver-t${tier}`;
}

/** Who said it, as far as the record proves it, and whether that is somebody else than who asked. */
export function approverFacts(
  approval: Approval,
  requester: Requester,
  tier: Tier,
  people: KnownPeople,
): ApproverFacts {
  return {
    strength: strengthOf(approval, people),
    fourEyes: fourEyesOf(approval, requester),
    inRole: inRoleOf(approval, tier, people),
  };
}

/**
 * A person's own key > a name that an agent gives > the word `human` alone > no person. A key that several people use proves a person and no
 * name, and a service's proves none.
 */
function strengthOf(approval: Approval, { principals }: KnownPeople): ApproverStrength {
  if (approval.src.auth.kind === "authority") {
    const { subject } = approval.src.auth;
    const known = principals.flatMap((one) => one.principals).filter(({ id }) => id === subject);
    if (known.some(({ type }) => type === "service")) return "none";
    return known.some(({ shared }) => shared === true) ? "unnamed_human" : "authority_key";
  }
  if (approval.body.by !== "human") return "none";
  return claimedApprover(approval) === undefined ? "unnamed_human" : "named_by_agent";
}

/** Whom the agent's records say the session acts for: the holder of its key, and people it names, under pseudonyms. */
export interface Requester {
  readonly subjects: ReadonlySet<string>;
  readonly pseudonyms: ReadonlySet<string>;
}

const personal = /^claimed\..*(user|email|principal|account|person|owner)/;

export function requesterOf(records: readonly PlacedRecord[]): Requester {
  const own = records.map(({ record }) => record).filter(isAgentsOwn);
  const subjects = own.flatMap(({ actor }) => actor?.id ?? []);
  const pseudonyms = own.flatMap(({ attrs }) =>
    Object.entries(attrs ?? {}).flatMap(([name, value]) =>
      personal.test(name) && name !== approverClaim && value.startsWith("usr_") ? [value] : [],
    ),
  );
  return { subjects: new Set(subjects), pseudonyms: new Set(pseudonyms) };
}

const approverClaim = "claimed.approver.principal";

function claimedApprover({ attrs }: Approval): string | undefined {
  return attrs?.[approverClaim];
}

function fourEyesOf(approval: Approval, requester: Requester): boolean | undefined {
  const { approver, requester: asked } = approval.body;
  const { auth } = approval.src;
  const named = auth.kind === "authority" ? (approver ?? auth.subject) : approver;
  // One person under two names is one person where both come to one pseudonym.
  const pseudonym = claimedApprover(approval) ?? approval.attrs?.["approver.pseudonym"];
  if (named === undefined && pseudonym === undefined) return undefined;
  if (named !== undefined && (named === asked || requester.subjects.has(named))) return false;
  if (pseudonym !== undefined && requester.pseudonyms.has(pseudonym)) return false;
  const isKnown = asked !== undefined || requester.subjects.size + requester.pseudonyms.size > 0;
  return isKnown ? true : undefined;
}

function inRoleOf(
  { src: { auth } }: Approval,
  tier: Tier,
  { roles }: KnownPeople,
): boolean | undefined {
  if (auth.kind !== "authority") return undefined;
  const role = approverRole(tier);
  const said = roles.flatMap((one) => one.roles).filter((one) => one.role === role);
  if (said.length === 0) return undefined;
  return said.some(({ members }) => members.includes(auth.subject));
}
