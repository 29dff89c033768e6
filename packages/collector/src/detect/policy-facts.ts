import {
  atOf,
  documentsInForce,
  type PolicyInterval,
  policyInForce,
  policyIntervals,
} from "@custody/context";
import type { ApprovalRequirement, Attribution, PolicyFacts, Waiver } from "@custody/detections";
import { type LedgerRecord, type PlacedRecord, timeFromText } from "@custody/model";

/** The rules that ask what a waived control asks. A waiver that names a rule is for that rule alone. */
const rulesOf: Readonly<Record<string, readonly string[]>> = { "AT-APR-03": ["D-APR-01"] };

/** Whom and what a session's waivers may be for. */
export interface WaivedFor {
  readonly principal: string | null;
  readonly repo: string | undefined;
}

/** What approvals must be at a moment. */
function requirementsInForce(
  policies: readonly PlacedRecord[],
  at: string,
): readonly ApprovalRequirement[] {
  const { requirements = [] } = policyInForce(policies, "approval", at)?.document ?? {};
  return requirements.map(({ tier, by, scopes, four_eyes }) => ({
    tier,
    by,
    scopes,
    fourEyes: four_eyes === true,
  }));
}

/** The policies as they stood for a session: requirements at its beginning, waivers with their times, sandboxes each at its own moment. */
export function policyFacts(
  policies: readonly PlacedRecord[],
  records: readonly LedgerRecord[],
  waivedFor: WaivedFor,
): PolicyFacts {
  const beginning = beginningOf(records);
  const digests = approvedDigests(policies, records);
  return {
    requirements: requirementsInForce(policies, beginning),
    waivers: waiversFor(policies, waivedFor),
    ...(digests === undefined ? {} : { sandboxDigests: digests }),
    ...approvedServers(policies),
  };
}

/** What the list of principals in force at a moment says of one; undefined where nobody keeps such a list. */
export function attributionOf(
  principal: string | null,
  policies: readonly PlacedRecord[],
  at: string,
): Attribution | undefined {
  const documents = documentsInForce(policies, "principals", at);
  if (documents.length === 0) return undefined;
  if (principal === null) return "unknown";
  const known = documents
    .flatMap(({ principals }) => principals)
    .filter(({ id }) => id === principal);
  if (known.length === 0) return "unlisted";
  return known.some(({ shared }) => shared === true) ? "shared" : "listed";
}

/** Every MCP server that a list of components names, for as long as that list counts. */
function approvedServers(policies: readonly PlacedRecord[]): Pick<PolicyFacts, "servers"> {
  const servers = policyIntervals(policies)
    .filter((policy): policy is PolicyInterval<"components"> => policy.kind === "components")
    .flatMap(({ from, to, document }) =>
      document.components
        .filter(({ kind }) => kind === "mcp_server")
        .map(({ name }) => ({ name, from, ...(to === undefined ? {} : { to }) })),
    );
  return servers.length === 0 ? {} : { servers };
}

/** The first moment of a session. */
export function beginningOf(records: readonly LedgerRecord[]): string {
  return records.reduce((first, record) => {
    const at = atOf(record);
    return first === "" || at < first ? at : first;
  }, "");
}

/** A waiver counts for one principal, from when its approval was heard until it expires. */
function waiversFor(
  policies: readonly PlacedRecord[],
  { principal, repo }: WaivedFor,
): readonly Waiver[] {
  return policyIntervals(policies)
    .filter((policy): policy is PolicyInterval<"waivers"> => policy.kind === "waivers")
    .flatMap(({ from, to, document }) =>
      document.waivers.flatMap((waiver): readonly Waiver[] => {
        const expires = timeFromText(waiver.expires);
        const isTheirs =
          waiver.principal === principal && (waiver.repo === undefined || waiver.repo === repo);
        if (!isTheirs || expires === undefined) return [];
        const end = to !== undefined && to < expires ? to : expires;
        const rules = [waiver.control, ...(rulesOf[waiver.control] ?? [])];
        return rules.map((rule) => ({ rule, from, to: end }));
      }),
    );
}

/**
 * The configurations that were approved whenever they were told, among those that were told. Nothing is concluded from a moment without a policy:
 * what was told then counts as approved, and where no such moment had one, there is no list.
 */
function approvedDigests(
  policies: readonly PlacedRecord[],
  records: readonly LedgerRecord[],
): readonly string[] | undefined {
  const approved = new Map<string, boolean>();
  let kept = false;
  for (const record of records) {
    if (record.class !== "sandbox") continue;
    const { config_digest } = record.body as LedgerRecord<"sandbox">["body"];
    if (config_digest === undefined) continue;
    const documents = documentsInForce(policies, "sandbox", atOf(record));
    kept ||= documents.length > 0;
    const isApproved =
      documents.length === 0 ||
      documents.some(({ profiles }) =>
        profiles.some((profile) => profile.config_digest === config_digest),
      );
    approved.set(config_digest, isApproved && approved.get(config_digest) !== false);
  }
  if (!kept) return undefined;
  return [...approved].flatMap(([digest, isApproved]) => (isApproved ? [digest] : [])).sort();
}
