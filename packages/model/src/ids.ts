/** Texts that ids are hashed from. Hashing itself is injected, so that this package needs no Node. JSON keeps the parts apart. */

/** Record id = first 16 bytes of SHA-256 of this text, hex (design 4). */
export function recordIdText(
  tenant: string,
  subject: string,
  dialect: string,
  key: readonly string[],
): string {
  return JSON.stringify(["custody/record-id/1", tenant, subject, dialect, ...key]);
}

/**
 * Action id = first 16 bytes of SHA-256 of this text, hex (contract 5). The byte length of the session keeps the parts apart, and SQL can
 * write the same text.
 */
export function actionIdText(tenant: string, session: string, call: string): string {
  const sessionBytes = new TextEncoder().encode(session).length;
  return `custody/action-id/1\n${tenant}\n${sessionBytes}\n${session}\n${call}`;
}

/** Trace id of a session that has none of its own: first 16 bytes of SHA-256 of this text, hex. */
export function sessionTraceText(tenant: string, session: string): string {
  return JSON.stringify(["custody/trace/1", tenant, session]);
}

/** What one finding is, whatever is known of it by now: all its records have the same. */
export interface FindingIdentity {
  readonly rule: string;
  readonly version: string;
  /** Empty of a finding that belongs to no session, or to no call. */
  readonly session: string;
  readonly call: string;
  readonly case: string;
  /** Record, host, person or day that the case is about; empty where it can hold once only. */
  readonly about: string;
}

/** Id of a finding = first 16 bytes of SHA-256 of this text, hex. */
export function findingIdText(tenant: string, finding: FindingIdentity): string {
  const { rule, version, session, call, about } = finding;
  return JSON.stringify([
    "custody/finding-id/1",
    tenant,
    rule,
    version,
    session,
    call,
    finding.case,
    about,
  ]);
}
