import { CustodyError } from "@custody/model";

/** Every way the API refuses, with its HTTP status. */
export const refusals = {
  "bad-request": { status: 400, title: "The request is not understood" },
  "bad-cursor": { status: 400, title: "This cursor is not one of ours" },
  unauthenticated: { status: 401, title: "A valid key is needed" },
  forbidden: { status: 403, title: "This key may not read that" },
  "not-found": { status: 404, title: "Nothing is here" },
  "not-yet": { status: 409, title: "Not under a checkpoint yet" },
  conflict: { status: 409, title: "The state does not allow this" },
  ambiguous: { status: 409, title: "There is more than one" },
  "too-many": { status: 429, title: "Too many reads at once" },
  "not-audited": { status: 503, title: "The read could not be recorded, so it was not made" },
  unavailable: { status: 503, title: "The store did not answer" },
  "not-in-this-mode": { status: 501, title: "Not on the embedded engine" },
  internal: { status: 500, title: "The API failed" },
} as const;
export type RefusalCode = keyof typeof refusals;

/** Thrown inside a request only; answered as an RFC 9457 problem document with a stable code. */
export class Refusal extends CustodyError<RefusalCode> {
  readonly retryAfterSeconds: number | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    options?: {
      readonly cause?: unknown;
      readonly retryAfterSeconds?: number;
      readonly fields?: Readonly<Record<string, unknown>>;
    },
  ) {
    super(code, message, options);
    this.name = "Refusal";
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.fields = options?.fields;
  }
}
