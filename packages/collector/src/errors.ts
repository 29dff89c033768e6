import { CustodyError } from "@custody/model";

/** Every way the collector refuses, with the HTTP status it answers and the gRPC code of an OTLP `Status`. */
export const refusals = {
  malformed: { status: 400, grpc: 3, title: "The request could not be read" },
  unauthenticated: { status: 401, grpc: 16, title: "A valid key is needed" },
  forbidden: { status: 403, grpc: 7, title: "This key may not do that" },
  "two-person": { status: 403, grpc: 7, title: "Another person must approve" },
  "not-found": { status: 404, grpc: 5, title: "Nothing is here" },
  conflict: { status: 409, grpc: 10, title: "The state does not allow this" },
  "too-large": { status: 413, grpc: 8, title: "The request is too large" },
  "unsupported-type": { status: 415, grpc: 3, title: "This content type or encoding is not read" },
  overloaded: { status: 429, grpc: 14, title: "This source sends more than its share" },
  full: { status: 503, grpc: 14, title: "The collector is full" },
  unavailable: { status: 503, grpc: 14, title: "The records could not be made durable" },
  internal: { status: 500, grpc: 13, title: "The collector failed" },
} as const;
export type RefusalCode = keyof typeof refusals;

/** Thrown inside a request only; the error handler turns it into the protocol's own answer. */
export class Refusal extends CustodyError<RefusalCode> {
  readonly retryAfterMs: number | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    options?: {
      readonly cause?: unknown;
      readonly retryAfterMs?: number;
      readonly fields?: Readonly<Record<string, unknown>>;
    },
  ) {
    super(code, message, options);
    this.name = "Refusal";
    this.retryAfterMs = options?.retryAfterMs;
    this.fields = options?.fields;
  }
}
