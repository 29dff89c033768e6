import type { Row } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";

/** Sessions of a window that are alike in everything posture asks of one. */
export interface SessionGroup {
  readonly agent: string;
  readonly holder: string;
  /** Everything an agent told of it came under a key. */
  readonly keyed: boolean;
  /** Named for sessions in a bypass mode alone: waivers are for one repository. */
  readonly repo: string;
  readonly ending: "ended" | "unclean" | "open";
  readonly bypass: boolean;
  /** Digests of the configurations that a runtime attested, in order. */
  readonly digests: readonly string[];
  readonly escapes: "unsaid" | "disabled" | "allowed";
  readonly image: "none" | "pinned" | "unpinned";
  /** Anybody, the agent itself included, names a confinement. */
  readonly confined: boolean;
  /** A call of it may reach the network. */
  readonly reaching: boolean;
  /** An observer saw a flow of it. */
  readonly watched: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Actions of a window that are alike in everything a tier and a requirement are judged by. */
export interface CallGroup {
  /** How many of the given edges of time lie before it. */
  readonly span: number;
  readonly tool: string;
  readonly kind: string;
  readonly risk: readonly string[];
  readonly hosts: readonly string[];
  readonly classified: boolean;
  readonly executed: boolean;
  readonly refused: boolean;
  /** `by/scope/grade/other|self` of each approval that was heard in time. */
  readonly allows: readonly string[];
  readonly count: number;
  readonly examples: readonly string[];
}

/** Observed flows of a window that are alike. */
export interface FlowGroup {
  readonly span: number;
  readonly host: string;
  readonly port: number;
  readonly action: string;
  readonly tied: "explained" | "weak" | "none";
  /** The session it is laid at spoke for itself. */
  readonly told: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** What people decided, and the standing grants that were used. */
export interface ApprovalFacts {
  readonly decided: number;
  readonly denied: number;
  readonly timed: number;
  readonly median_ms: number;
  readonly hasty: number;
  readonly observed: number;
  readonly grants: number;
  readonly stale_grants: number;
}

/** Who spoke, by kind of credential, and what the log says of itself. */
export interface GroundFacts {
  readonly keyed: number;
  readonly keyless: number;
  readonly observed: number;
  readonly decided: number;
  readonly opaque: number;
  readonly misdated: number;
  readonly told: number;
  readonly verifiedAt: string | null;
  readonly anchors: number;
  readonly proxies: number;
  readonly runtimes: number;
}

/** Sandboxes that a runtime started, and changes that observers reported. */
export interface WorldGroup {
  readonly what: "sandbox" | "change";
  readonly tied: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** A list that was cut says so: its numbers are lower bounds. */
export interface Groups<T> {
  readonly groups: readonly T[];
  readonly cut: boolean;
}

export async function sessionGroups(
  asked: Asked,
  window: Window & { readonly quietSince: string; readonly bypass: readonly string[] },
): Promise<Groups<SessionGroup>> {
  const params = { quiet_since: window.quietSince, bypass: [...window.bypass] };
  return grouped(asked, "posture-sessions", window, params, (row) => ({
    agent: text(row, "agent_name"),
    holder: text(row, "holder"),
    keyed: truth(row, "keyed"),
    repo: text(row, "repo_name"),
    ending: text(row, "ending") as SessionGroup["ending"],
    bypass: truth(row, "bypass"),
    digests: texts(row, "attestation"),
    escapes: text(row, "escapes") as SessionGroup["escapes"],
    image: text(row, "imaging") as SessionGroup["image"],
    confined: truth(row, "confined"),
    reaching: truth(row, "reaching"),
    watched: truth(row, "watched"),
    count: Number(row["sessions"]),
    examples: texts(row, "examples"),
  }));
}

export async function callGroups(
  asked: Asked,
  window: Window & { readonly edges: readonly string[] },
): Promise<Groups<CallGroup>> {
  return grouped(asked, "posture-calls", window, { edges: [...window.edges] }, (row) => ({
    span: Number(row["span"]),
    tool: text(row, "tool_name"),
    kind: text(row, "kind_name"),
    risk: texts(row, "risks"),
    hosts: texts(row, "host_names"),
    classified: truth(row, "classified"),
    executed: truth(row, "executed"),
    refused: truth(row, "refused"),
    allows: texts(row, "allows"),
    count: Number(row["calls"]),
    examples: texts(row, "examples"),
  }));
}

export async function flowGroups(
  asked: Asked,
  window: Window & { readonly edges: readonly string[] },
): Promise<Groups<FlowGroup>> {
  return grouped(asked, "posture-flows", window, { edges: [...window.edges] }, (row) => ({
    span: Number(row["span"]),
    host: text(row, "host_name"),
    port: Number(row["port_number"]),
    action: text(row, "done"),
    tied: text(row, "tied") as FlowGroup["tied"],
    told: truth(row, "told"),
    count: Number(row["flows"]),
    examples: texts(row, "examples"),
  }));
}

export async function worldGroups(asked: Asked, window: Window): Promise<readonly WorldGroup[]> {
  const rows = await ask(asked, "posture-world", windowOf(window));
  return rows.map((row) => ({
    what: text(row, "what") as WorldGroup["what"],
    tied: truth(row, "tied"),
    count: Number(row["things"]),
    examples: texts(row, "examples"),
  }));
}

export async function approvalFacts(
  asked: Asked,
  window: Window & { readonly staleBefore: string },
): Promise<ApprovalFacts> {
  const params = { ...windowOf(window), stale_before: window.staleBefore };
  const [row = {}] = await ask(asked, "posture-approvals", params);
  const count = (name: string): number => Number(row[name] ?? 0);
  return {
    decided: count("decided"),
    denied: count("denied"),
    timed: count("timed"),
    median_ms: count("median_ms"),
    hasty: count("hasty"),
    observed: count("observed"),
    grants: count("grants"),
    stale_grants: count("stale_grants"),
  };
}

export async function groundFacts(asked: Asked, window: Window): Promise<GroundFacts> {
  const [row = {}] = await ask(asked, "posture-ground", windowOf(window));
  const count = (name: string): number => Number(row[name] ?? 0);
  const verified = text(row, "verified_text");
  return {
    keyed: count("keyed"),
    keyless: count("keyless"),
    observed: count("observed"),
    decided: count("decided"),
    opaque: count("opaque"),
    misdated: count("misdated"),
    told: count("told"),
    verifiedAt: verified === "" ? null : verified,
    anchors: count("anchors"),
    proxies: count("proxies"),
    runtimes: count("runtimes"),
  };
}

/** Every list of those who should report; which of them stands is for `context` to say. */
export async function expectedRecords(asked: Asked): Promise<readonly FoundRecord[]> {
  const rows = await ask(asked, "expected-records", { limit: storageLimits.expectedRecordsMax });
  return rows.map(found);
}

async function grouped<T>(
  asked: Asked,
  name: string,
  window: Window,
  params: Readonly<Record<string, string | string[]>>,
  read: (row: Row) => T,
): Promise<Groups<T>> {
  const limit = storageLimits.postureGroupsMax;
  const rows = await ask(asked, name, { ...windowOf(window), ...params, limit });
  return { groups: rows.map(read), cut: rows.length >= limit };
}

function text(row: Row, name: string): string {
  return String(row[name] ?? "");
}

function texts(row: Row, name: string): readonly string[] {
  const value = row[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function truth(row: Row, name: string): boolean {
  const value = row[name];
  return value === true || value === 1 || value === "1";
}
