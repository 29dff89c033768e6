import type {
  LedgerRecord,
  PlacedRecord,
  SandboxChange,
  SandboxDisagreement,
  SandboxSide,
  SandboxViolation,
} from "@custody/model";
import { confinementOf } from "./confinement.ts";
import { type Placement, placementBy } from "./placement.ts";
import { isAgentsOwn } from "./principal.ts";
import { compareRecords, isOf, latest, ofClass } from "./record-order.ts";

type Sandbox = LedgerRecord<"sandbox">;

/** What both sides say of the confinement of a session or a call, kept apart and compared. */
export interface SandboxView {
  readonly observed: SandboxSide | null;
  readonly reported: SandboxSide | null;
  readonly disagreement: readonly SandboxDisagreement[];
}

/**
 * The last statement of each side up to `at` (where given). What an observer attests of a sandbox is the session's where the record names the session
 * or a link gives it with more than low confidence: an address or a header that the sandboxed process chose proves nothing.
 */
export function sandboxView(
  placed: readonly PlacedRecord[],
  session: string,
  at?: string,
): SandboxView {
  const placement = placementBy(placed);
  const observed = sideOf(proven(placed, session, placement), at, session, placement);
  const own = placed.filter(({ record }) => isAgentsOwn(record));
  const reported = sideOf(own, at, session, placement);
  return { observed, reported, disagreement: disagreements(observed, reported) };
}

/** Everything but what rests on the sandboxed process's own word. */
export function withoutWeakSandboxes(
  placed: readonly PlacedRecord[],
  session: string,
): readonly PlacedRecord[] {
  const placement = placementBy(placed);
  return placed.filter(
    ({ record }) => !isAttested(record) || matchOf(record, session, placement) !== undefined,
  );
}

function proven(
  placed: readonly PlacedRecord[],
  session: string,
  placement: Placement,
): readonly PlacedRecord[] {
  return placed.filter(
    ({ record }) => isAttested(record) && matchOf(record, session, placement) !== undefined,
  );
}

function isAttested(record: LedgerRecord): boolean {
  return record.class === "sandbox" && record.grade === "observed" && !isAgentsOwn(record);
}

function matchOf(
  record: LedgerRecord,
  session: string,
  placement: Placement,
): SandboxSide["match"] | undefined {
  if (record.session === session) return { method: "stated", confidence: "high" };
  const link = placement.share(record.id, session) ?? placement.of(record).link;
  if (link === undefined || link.body.confidence === "low") return undefined;
  return { method: link.body.method, confidence: link.body.confidence };
}

function sideOf(
  placed: readonly PlacedRecord[],
  at: string | undefined,
  session: string,
  placement: Placement,
): SandboxSide | null {
  const confinement = confinementOf(placed, at);
  if (confinement === null) return null;
  const standing = ofClass(placed, "sandbox").filter(
    ({ body }) => body.event === "start" || body.event === "change",
  );
  const before = standing.filter(({ ts }) => at === undefined || ts <= at);
  const record = latest(before.length > 0 ? before : standing);
  return {
    mode: confinement.mode,
    backend: confinement.backend,
    grade: confinement.grade,
    ...statedOf(record),
    match: (record && matchOf(record, session, placement)) ?? null,
  };
}

function statedOf(
  record: Sandbox | undefined,
): Omit<SandboxSide, "mode" | "backend" | "grade" | "match"> {
  const body = record?.body;
  return {
    sandbox: body?.sandbox ?? null,
    profile: body?.profile ?? null,
    runtime: body?.runtime ?? null,
    config_digest: body?.config_digest ?? null,
    image_digest: body?.image_digest ?? null,
    network: body?.network ?? null,
    user: body?.user ?? null,
    privileged: body?.privileged ?? null,
    read_only_root: body?.read_only_root ?? null,
    writable_roots: body?.writable_roots ?? null,
    runtime_socket: body?.runtime_socket ?? null,
    escapes_allowed: body?.escapes_allowed ?? null,
    at: record?.ts ?? null,
    vantage: record?.vantage ?? null,
  };
}

/** Words of agents and runtimes for how much may be written; what is not here is compared with nothing. */
const strengths: Readonly<Record<string, string>> = {
  "danger-full-access": "none",
  danger_full_access: "none",
  disabled: "none",
  none: "none",
  off: "none",
  unconfined: "none",
  privileged: "none",
  "read-only": "read_only",
  read_only: "read_only",
  readonly: "read_only",
  "workspace-write": "workspace_write",
  workspace_write: "workspace_write",
};

/** Where two statements of one thing cannot both be true. A side that does not say is no disagreement. */
function disagreements(
  observed: SandboxSide | null,
  reported: SandboxSide | null,
): readonly SandboxDisagreement[] {
  if (observed === null || reported === null) return [];
  const differs = (
    about: SandboxDisagreement["about"],
    seen: string | null,
    said: string | null,
  ) =>
    seen !== null && said !== null && seen !== said
      ? [{ about, observed: seen, reported: said }]
      : [];
  const strength = (mode: string | null) => (mode && strengths[mode.toLowerCase()]) ?? null;
  const confines = strength(reported.mode) ?? (reported.mode === null ? null : "some");
  return [
    ...differs("mode", strength(observed.mode), strength(reported.mode)),
    ...differs("backend", fold(observed.backend), fold(reported.backend)),
    ...differs("network", fold(observed.network), fold(reported.network)),
    // A privileged container holds nothing in, whatever mode the agent believes to run in.
    ...(observed.privileged === true && confines !== null && confines !== "none"
      ? [{ about: "mode" as const, observed: "privileged", reported: reported.mode ?? confines }]
      : []),
  ];
}

function fold(text: string | null): string | null {
  return text === null ? null : text.toLowerCase();
}

/** What was stopped or seen at the walls, in order of time; reported and observed ones each with their grade. */
export function violationsOf(placed: readonly PlacedRecord[]): readonly SandboxViolation[] {
  return ofClass(placed, "sandbox")
    .filter(({ body }) => body.event === "violation")
    .toSorted(compareRecords)
    .map((record) => ({
      at: record.ts,
      sandbox: record.body.sandbox ?? null,
      kind: record.body.violation?.kind ?? "unknown",
      target: record.body.violation?.target ?? null,
      result: record.body.violation?.result ?? null,
      grade: record.grade,
      record: record.id,
    }));
}

/** Where one teller's word for the confinement became another within the session: each change with what it was before. */
export function changesOf(
  placed: readonly PlacedRecord[],
  began: string,
): readonly SandboxChange[] {
  const last = new Map<string, string>();
  const ordered = placed.map(({ record }) => record).toSorted(compareRecords);
  return ordered.flatMap((record): readonly SandboxChange[] => {
    const said = wordsOf(record);
    return said.flatMap(([what, word]) => {
      const sandbox = isOf(record, "sandbox") ? (record.body.sandbox ?? "") : "";
      const { kind, subject } = record.src.auth;
      const teller = JSON.stringify([kind, subject, sandbox, what]);
      const before = last.get(teller);
      last.set(teller, word);
      const isNew = before !== undefined && before !== word && record.ts >= began;
      return isNew
        ? [{ at: record.ts, what, from: before, to: word, grade: record.grade, record: record.id }]
        : [];
    });
  });
}

function wordsOf(record: LedgerRecord): readonly (readonly [SandboxChange["what"], string])[] {
  if (isOf(record, "sandbox")) {
    const { event, config_digest, mode } = record.body;
    if (event !== "start" && event !== "change") return [];
    if (config_digest !== undefined) return [["config_digest", config_digest]];
    return mode === undefined ? [] : [["mode", mode]];
  }
  if (!isOf(record, "session")) return [];
  const { sandbox_mode: mode } = record.body;
  return mode === undefined ? [] : [["mode", mode]];
}

/** The model asked to run it outside of the sandbox, in its agent's words for that. */
export function asksOutside(placed: readonly PlacedRecord[]): boolean {
  return placed.some(
    ({ record: { class: name, attrs } }) =>
      (name === "decision" || name === "tool_call") &&
      (attrs?.["dangerouslyDisableSandbox"] === "true" ||
        attrs?.["sandbox_permissions"] === "require_escalated"),
  );
}
