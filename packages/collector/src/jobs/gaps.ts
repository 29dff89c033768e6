import {
  endsWith,
  type GapCause,
  type GapDetail,
  gapChanges,
  gapKey,
  gapsOf,
  holesIn,
  type NumberedEvent,
} from "@custody/context";
import { type AnyFact, shiftMillis } from "@custody/model";
import {
  type Asked,
  gapRecords,
  type NumberedRow,
  type NumberedSuspect,
  numberedEvents,
  numberedSources,
  numberedSuspects,
  sourcesThatSaid,
  spokeIn,
} from "@custody/storage/queries";
import type { CountRun } from "../metrics/job-meter.ts";
import type { CollectorPorts, TenantLedger } from "../ports.ts";
import { createBeat } from "./beat.ts";
import { createJoinLine, type JoinLine, sweepPageMax, type WaitingSession } from "./join-line.ts";

/** How far back numbers are looked at: a source that was silent for longer begins anew. */
const lookBackMs = 604_800_000;
/** How far before that a source is looked for that began earlier: its first numbers were received then. */
const earlierMs = 31 * 86_400_000;
const dayMs = 86_400_000;
/** Sources of one question. */
const askedMax = 1_000;
/** Gap records of one commit. */
const recordsMax = 1_000;

export interface GapWatch {
  observe(tenant: string, facts: readonly AnyFact[], committed: number): void;
  /** Looks once at the sources that were heard of and are stored; returns how many gap records were written. */
  run(): Promise<number>;
  /** Sources still to be looked at, those that wait for late records among them. */
  waiting(): number;
  /** Looks that failed since the start; each is made again. */
  failures(): number;
  close(): Promise<void>;
}

/**
 * Looks for holes in sources' own numbers, over all ledgers of a tenant (compliance 7, C1). A hole that is known for longer than `lateAfterMs` is
 * recorded as an open gap; records that come later close it by another record. What waits is held in memory alone, so each tenant is swept
 * once after a start.
 */
export function createGapWatch(
  ports: CollectorPorts,
  lateAfterMs: number,
  count: CountRun,
): GapWatch {
  const line = createJoinLine();
  let failures = 0;
  const once = async (closing: AbortSignal): Promise<number> => {
    let written = 0;
    for (const tenant of ports.tenants()) {
      if (closing.aborted) break;
      try {
        // One tenant after another: the store's readers are few.
        written += await lookAt({ ports, line, lateAfterMs, closing }, tenant);
      } catch {
        // What was not looked at is still in line.
        failures++;
      }
    }
    return written;
  };
  const isDue = (): boolean =>
    line.size() > 0 || ports.tenants().some((name) => !line.isSwept(name));
  const beat = createBeat({ name: "gaps", everyMs: everyMs(lateAfterMs), isDue, once }, count);
  return {
    observe(tenant, facts, committed) {
      for (const { seq } of facts) {
        if (seq !== undefined) line.hold({ tenant, session: seq.id, committed });
      }
    },
    run: beat.run,
    waiting: line.size,
    failures: () => failures + beat.failures(),
    close: beat.close,
  };
}

/** A minute, and less only where numbers are waited for so shortly that a minute would be late. */
function everyMs(lateAfterMs: number): number {
  return Math.min(60_000, Math.max(250, Math.floor(lateAfterMs / 4)));
}

interface Watch {
  readonly ports: CollectorPorts;
  readonly line: JoinLine;
  readonly lateAfterMs: number;
  readonly closing: AbortSignal;
}

async function lookAt(
  { ports, line, lateAfterMs, closing }: Watch,
  tenant: string,
): Promise<number> {
  const ledger = await ports.tenant(tenant);
  const progress = ledger.progress();
  const { stored } = progress;
  const now = ports.clock.now();
  const since = shiftMillis(now, -lookBackMs);
  const asked = { reader: ports.reader, tenant };
  const after = line.sweepFrom(tenant, progress);
  if (after !== undefined) {
    const page = { since, after, limit: sweepPageMax };
    line.swept(tenant, await numberedSources(asked, page), stored);
  }
  const due = line
    .entries()
    .filter((entry) => entry.tenant === tenant && entry.committed <= stored);
  if (due.length === 0) return 0;
  const known = gapsOf((await gapRecords(asked, { from: since })).records);
  const look = { asked, since, known, lateBefore: shiftMillis(now, -lateAfterMs) };
  let written = 0;
  for (let from = 0; from < due.length && !closing.aborted; from += askedMax) {
    written += await lookAtSome(look, ledger, line, due.slice(from, from + askedMax));
  }
  return written;
}

interface Look {
  readonly asked: Asked;
  readonly since: string;
  readonly known: readonly GapDetail[];
  readonly lateBefore: string;
}

async function lookAtSome(
  look: Look,
  ledger: TenantLedger,
  line: JoinLine,
  entries: readonly WaitingSession[],
): Promise<number> {
  const names = entries.map(({ session }) => session);
  const suspects = await numberedSuspects(look.asked, names, look.since);
  const changes: GapDetail[] = [];
  const waiting = new Set<string>();
  for (const suspect of suspects) {
    // One after another, as each may ask for what other sources said.
    const judged = await judge(look, suspect);
    const found = gapChanges(judged, look.known, look.lateBefore);
    // Of a source whose beginning is not looked at any more, what is not seen is not mended.
    changes.push(...found.filter(({ status }) => status === "open" || !judged.isCut));
    if (judged.holes.some(({ knownSince }) => knownSince >= look.lateBefore)) {
      waiting.add(suspect.source);
    }
  }
  changes.push(...closedBy(look, names, suspects));
  const written = await write(ledger, changes);
  if (written === undefined) return 0;
  for (const entry of entries) if (!waiting.has(entry.session)) line.done(entry);
  return written;
}

/** A source that is no suspect any more has every number: what stood open of it is closed. */
function closedBy(
  { known }: Look,
  names: readonly string[],
  suspects: readonly NumberedSuspect[],
): readonly GapDetail[] {
  const looked = new Set(names);
  const nameOf = (subject: string, source: string, epoch: string): string =>
    JSON.stringify([subject, source, epoch]);
  const still = new Set(
    suspects.map(({ subject, source, epoch }) => nameOf(subject, source, epoch)),
  );
  return known.flatMap((gap) => {
    const { subject, said_source, said_epoch } = gap;
    if (gap.status === "closed" || !looked.has(said_source)) return [];
    if (still.has(nameOf(subject, said_source, said_epoch))) return [];
    // Every number it lacked is an event more.
    const basis = gap.basis + Number(gap.to) - Number(gap.from) + 1;
    return [{ ...gap, status: "closed" as const, basis }];
  });
}

async function judge({ asked, since }: Look, suspect: NumberedSuspect) {
  const { subject, source, epoch } = suspect;
  const rows = await numberedEvents(asked, { subject, sources: [source], since });
  const events = rows.filter((row) => row.epoch === epoch);
  const others = await otherSources({ asked, since }, suspect, events);
  const { holes } = holesIn(events, (seq, before) =>
    [...others.values()].some((other) => endsWith(other, seq, before)),
  );
  const isHeadless = holes.some(({ from, run }) => from === 0 && run === "");
  const began = { ...suspect, from: shiftMillis(since, -earlierMs), to: since };
  const isCut = isHeadless && (await spokeIn(asked, began));
  const basis = [...others.values()].reduce((sum, other) => sum + other.length, events.length);
  const cause: GapCause = epoch === "" ? "unknown_vendor" : "unknown";
  return {
    subject,
    source,
    epoch,
    holes: isCut ? holes.filter(({ from, run }) => from > 0 || run !== "") : holes,
    basis,
    cause,
    isCut,
  };
}

/** Events of the sender's other sources that a process of this one may have gone on from. Numbers with an epoch name their process: it has none. */
async function otherSources(
  { asked, since }: Pick<Look, "asked" | "since">,
  { subject, source, epoch }: NumberedSuspect,
  events: readonly NumberedEvent[],
): Promise<ReadonlyMap<string, readonly NumberedRow[]>> {
  const [first, last] = [events[0], events.at(-1)];
  if (epoch !== "" || first === undefined || last === undefined) return new Map();
  const numbers = [...beginnings(events)].filter((seq) => seq > 0).map((seq) => seq - 1);
  const sources = await sourcesThatSaid(asked, {
    subject,
    source,
    numbers: [...new Set(numbers)].slice(0, askedMax),
    since,
    from: shiftMillis(first.ts, -dayMs),
    to: last.ts,
  });
  if (sources.length === 0) return new Map();
  const rows = await numberedEvents(asked, { subject, sources, since });
  return new Map(
    sources.map((name) => [name, rows.filter((row) => row.source === name && row.epoch === "")]),
  );
}

/** Numbers at which a process may begin: those whose event does not come right behind the one before it. */
function beginnings(events: readonly NumberedEvent[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [at, { seq }] of events.entries()) {
    if (events[at - 1]?.seq !== seq - 1) found.add(seq);
  }
  return found;
}

async function write(
  ledger: TenantLedger,
  gaps: readonly GapDetail[],
): Promise<number | undefined> {
  let written = 0;
  for (let from = 0; from < gaps.length; from += recordsMax) {
    const records = gaps.slice(from, from + recordsMax).map((detail) =>
      ledger.record({
        class: "integrity",
        key: gapKey(detail),
        ts: detail.seen_at,
        body: { kind: "gap", detail: { ...detail } },
      }),
    );
    // In order: what is not taken is looked for again.
    const verdict = await ledger.committer.commit(records);
    if (verdict.outcome !== "committed") return undefined;
    written += verdict.receipt.count;
  }
  return written;
}
