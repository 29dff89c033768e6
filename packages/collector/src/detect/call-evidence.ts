import {
  approvalMethods,
  atOf,
  callOutcome,
  callPackages,
  callPrograms,
  callTouches,
  documentsInForce,
  egressInForce,
  hostAllowed,
  isForAgent,
  labelsOf,
  matchOfPlaced,
  placementBy,
  type Tier,
  type TiersDocument,
  tierOf,
  tiersInForce,
  unknownLabel,
} from "@custody/context";
import type { CallEvidence } from "@custody/detections";
import type { Body, LedgerRecord, PlacedRecord } from "@custody/model";
import type { ArgumentsOf, WrittenFiles } from "./written-files.ts";

type Tooled = LedgerRecord<"tool_call"> | LedgerRecord<"decision">;

function isTooled(record: LedgerRecord): record is Tooled {
  return record.class === "tool_call" || record.class === "decision";
}

/** What of a session may be read: arguments, and the files that its calls wrote. */
export interface Readable {
  readonly argumentsOf: ArgumentsOf;
  readonly files: WrittenFiles;
}

/** One call as the rules see it, under the policies in force when it began. Its arguments were never read where nobody may open them. */
export function callEvidence(
  call: string,
  group: readonly PlacedRecord[],
  { argumentsOf, files }: Readable,
  policies: readonly PlacedRecord[],
): CallEvidence {
  const all = group.map(({ record }) => record);
  const tooled = all.filter(isTooled);
  const at = beganAt(all);
  const egress = egressInForce(policies, at);
  const read = tooled.filter(({ body }) => body.classifier !== undefined);
  const labels = (read.length > 0 ? read : tooled).flatMap(({ body }) => labelsOf(body, egress));
  const tiers = tiersInForce(policies, at);
  const tier = tierOf([...new Set(labels)], tiers);
  const isWithheld = read.length === 0 && tierKnown(labels, group, policies, tiers) < tier;
  const { packages, ...said } = fullestAccount(tooled, argumentsOf, files.before(at)) ?? {};
  const listed = packages && packagesListed(packages, policies, at);
  return {
    call,
    records: all.map(({ id }) => id),
    status: callOutcome(group).status,
    tier,
    ...(isWithheld ? { unread: true as const } : {}),
    ...said,
    ...(listed === undefined ? {} : { packagesListed: listed }),
    ...replayedOf(all),
  };
}

/** The verdicts for one time that links show as used by an earlier execution. */
function replayedOf(all: readonly LedgerRecord[]): Pick<CallEvidence, "replayed"> {
  const replayed = all.flatMap((record) => {
    if (record.class !== "link") return [];
    const { kind, method, record: id } = record.body as Body<"link">;
    return kind === "approval_call" && method === approvalMethods.replay ? [id] : [];
  });
  return replayed.length === 0 ? {} : { replayed };
}

/**
 * The tier without what nobody knows. A flow of its own counts for what the tier table says of its host, whatever the arguments were: that the call reached
 * for it was seen.
 */
function tierKnown(
  labels: readonly string[],
  group: readonly PlacedRecord[],
  policies: readonly PlacedRecord[],
  tiers: TiersDocument,
): Tier {
  const known = labels.filter((label) => label !== unknownLabel);
  return tierOf([...known, ...flowLabels(group, policies)], tiers);
}

/** What is only near in time, or for the agent itself, says nothing of the call. */
function flowLabels(
  group: readonly PlacedRecord[],
  policies: readonly PlacedRecord[],
): readonly string[] {
  const flows = group.flatMap(({ record }) => (isEgress(record) ? [record] : []));
  if (flows.length === 0) return [];
  const placement = placementBy(group);
  return flows.flatMap((flow) => {
    const { host, port } = flow.body;
    const list = egressInForce(policies, atOf(flow));
    if (isForAgent(flow, list) || matchOfPlaced(flow, placement, list) !== "explained") return [];
    const isListed = list !== undefined && hostAllowed(host, port, list).allowed;
    return [isListed ? "risk:network_listed" : "risk:network"];
  });
}

function isEgress(record: LedgerRecord): record is LedgerRecord<"egress"> {
  return record.class === "egress";
}

/** Whether a record told arguments that could not be opened here: sealed, erased, or not stored. */
export function isUnread(record: LedgerRecord, argumentsOf: ArgumentsOf): boolean {
  return isTooled(record) && record.sd?.["arguments"] !== undefined && !argumentsOf.has(record.id);
}

function beganAt(records: readonly LedgerRecord[]): string {
  // A standing yes that a link shows here may be much older than the act.
  const own = records.filter(
    ({ class: name, session, call }) =>
      name !== "link" && (name !== "approval" || (session && call)),
  );
  return own.map(atOf).toSorted()[0] ?? "";
}

interface Account {
  readonly programs: ReturnType<typeof callPrograms>;
  readonly paths: ReturnType<typeof callTouches>;
  readonly packages: readonly string[];
}

/** Accounts of one call differ in how much they say of its arguments. */
function fullestAccount(
  tooled: readonly Tooled[],
  argumentsOf: ArgumentsOf,
  files: ReadonlyMap<string, string>,
): Account | undefined {
  const accounts = tooled.flatMap(({ id, body: { tool, kind } }): readonly Account[] => {
    const text = argumentsOf.get(id);
    if (text === undefined) return [];
    return [
      {
        programs: callPrograms(tool, kind, text, files),
        paths: callTouches(tool, kind, text, files),
        packages: callPackages(tool, kind, text),
      },
    ];
  });
  const size = ({ programs, paths, packages }: Account): number =>
    programs.length + paths.length + packages.length;
  return accounts.reduce<Account | undefined>(
    (best, one) => (best === undefined || size(best) < size(one) ? one : best),
    undefined,
  );
}

/** Undefined where nobody keeps a list of packages, or the call names none. */
function packagesListed(
  packages: readonly string[],
  policies: readonly PlacedRecord[],
  at: string,
): boolean | undefined {
  const kept = documentsInForce(policies, "components", at)
    .flatMap(({ components }) => components)
    .filter(({ kind }) => kind === "package");
  if (kept.length === 0 || packages.length === 0) return undefined;
  const names = new Set(
    kept.map(({ name, version }) => (version === undefined ? name : `${name}@${version}`)),
  );
  // `npm:left-pad@1.3.0` is listed by that name, or by `npm:left-pad` for every version.
  return packages.every((name) => names.has(name) || names.has(withoutVersion(name)));
}

function withoutVersion(name: string): string {
  const at = name.lastIndexOf("@");
  // The first character after the manager's colon may be the `@` of a scope.
  return at > name.indexOf(":") + 1 ? name.slice(0, at) : name;
}
