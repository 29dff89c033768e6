import type {
  ApprovalFacts,
  CallGroup,
  FlowGroup,
  GroundFacts,
  SessionGroup,
  WorldGroup,
} from "@custody/context";
import type { Row } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";

/** A list that was cut says so: its numbers are lower bounds. */
interface Groups<T> {
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
