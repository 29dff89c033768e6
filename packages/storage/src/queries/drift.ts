import { type DriftKind, driftKinds } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, limitOf, type Window, windowOf } from "./ask.ts";

/** One way in which telemetry of one agent and release strayed, with how many items did and between when. */
interface DriftRow {
  readonly agent: string;
  /** Null: the sender names no release. */
  readonly version: string | null;
  readonly kind: DriftKind;
  /** Null: the release itself is what strays. */
  readonly name: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface DriftCounted {
  /** The worst kinds first, then what strays most. */
  readonly rows: readonly DriftRow[];
  /** Items that strayed, those of ways that did not fit the list included. */
  readonly total: number;
  /** True where older records than the newest `driftRecordsMax` stand in the window: what they count is not here. */
  readonly cut: boolean;
}

/** Which drift is asked for; `of`: that of one release of one agent. */
export interface DriftFilter extends Window {
  readonly limit?: number;
  readonly of?: { readonly agent: string; readonly version: string | null };
}

/** How telemetry strayed from what its dialects were written against, by agent and release, as our own records of it say. */
export async function driftCounts(asked: Asked, filter: DriftFilter): Promise<DriftCounted> {
  const { of } = filter;
  const rows = await ask(
    asked,
    "drift-counts",
    {
      ...windowOf(filter),
      kinds: [...driftKinds],
      limit: limitOf(filter),
      records_max: storageLimits.driftRecordsMax,
      agent: of?.agent ?? "",
      release: of?.version ?? "",
    },
    {
      where: of === undefined ? "true" : "stray.1 = {agent:String} AND stray.2 = {release:String}",
    },
  );
  return {
    rows: rows.map((row) => ({
      agent: String(row["agent_name"]),
      version: orNull(row["agent_release"]),
      kind: String(row["drift_kind"]) as DriftKind,
      name: orNull(row["drift_name"]),
      count: Number(row["items"]),
      firstAt: String(row["first_text"]),
      lastAt: String(row["last_text"]),
    })),
    total: Number(rows[0]?.["total"] ?? 0),
    cut: Number(rows[0]?.["records_read"] ?? 0) >= storageLimits.driftRecordsMax,
  };
}

function orNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
