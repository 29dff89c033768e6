import { grades, recordClasses } from "@custody/model";
import { z } from "zod";
import { actionSchema } from "./action.ts";

const text = z.string().nullable();
const grade = z.enum(grades);
const clue = z.enum(["time", "domain", "host", "principal", "file"]);
const how = z.enum([
  "same_host",
  "subdomain",
  "arguments",
  "key",
  "claimed",
  "client",
  "approver",
  "path",
  "file_name",
  "window",
]);

/** One record that carries what was asked for, how it does, and how we know. */
const evidenceSchema = z.object({
  clue,
  how,
  record: z.string(),
  class: z.enum(recordClasses),
  at: z.string(),
  grade,
  vantage: z.literal("enforcer").nullable(),
  said_by: z.string(),
  /** Present where the record itself names no call and a link of ours gave it one. */
  link: z.object({ method: z.string(), confidence: z.enum(["high", "medium", "low"]) }).nullable(),
  path: z.string(),
});

const candidateSchema = z.object({
  id: z.string(),
  agent: z.string(),
  agent_version: text,
  principal: text,
  started_at: z.string(),
  last_at: z.string(),
  matched: z.array(clue),
  nearest_ms: z.int().nonnegative(),
  why: z.array(evidenceSchema),
  path: z.string(),
});

const listedActionSchema = z.object({
  matched: z.array(clue),
  /** `matched` by a record of its own; else it stands before or after one that is, or is nearest to the moment. */
  listed: z.enum(["matched", "before", "after", "nearest"]),
  sure: grade,
  evidence: z.array(evidenceSchema),
  action: actionSchema,
  path: z.string(),
});

const loneFlowSchema = z.object({
  record: z.string(),
  at: z.string(),
  host: z.string(),
  port: z.int().nullable(),
  action: z.string(),
  grade,
  vantage: z.literal("enforcer").nullable(),
  said_by: z.string(),
  session: text,
  /** `weakly`: only its time speaks for the call it is listed under, which explains nothing. */
  explained: z.enum(["not", "weakly"]),
  call: text,
  path: z.string(),
});

/** From an alert to ordered evidence: what was asked, sessions by how well they match, their actions in order of time, and what none explains. */
export const investigationSchema = z.object({
  asked: z.object({
    at: z.string(),
    within_ms: z.int(),
    from: z.string(),
    to: z.string(),
    host: text,
    principal: text,
    file: text,
    domain: text,
  }),
  sessions: z.array(candidateSchema),
  actions: z.array(listedActionSchema),
  unexplained: z.array(loneFlowSchema),
  /** Limits that were met: there may be more than is listed. */
  cut: z.array(
    z.object({
      what: z.enum([
        "time",
        "domain",
        "host",
        "principal",
        "file",
        "flows",
        "calls",
        "sessions",
        "actions",
        "unexplained",
      ]),
      max: z.int(),
    }),
  ),
  next: z.array(z.object({ say: z.string(), path: text })),
});

export type Investigation = z.output<typeof investigationSchema>;
export type Evidence = z.output<typeof evidenceSchema>;
export type CandidateSession = z.output<typeof candidateSchema>;
export type ListedAction = z.output<typeof listedActionSchema>;
export type LoneFlow = z.output<typeof loneFlowSchema>;
