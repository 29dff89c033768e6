import { CustodyError, type SignalView } from "@custody/model";

export type OtlpErrorCode = "OTLP_WIRE" | "OTLP_JSON" | "OTLP_LIMIT";

/** Malformed input, with its place. Thrown inside this package alone; `decodeOtlp` answers it as a value. Never holds content. */
export class OtlpError extends CustodyError<OtlpErrorCode> {
  /** A byte offset in the body (`byte 17`), or the path of a field (`resourceSpans[0].resource`). */
  readonly position: string;

  constructor(code: OtlpErrorCode, reason: string, position: string) {
    super(code, reason);
    this.name = "OtlpError";
    this.position = position;
  }
}

export interface Malformed {
  readonly outcome: "malformed";
  /** Says what is wrong without repeating what was sent. */
  readonly reason: string;
  /** A byte offset in the body (`byte 17`), or the path of a field (`resourceSpans[0].resource`). */
  readonly position: string;
}

/** Items are valid as long as the bytes they stand on are left alone. */
export interface Decoded {
  readonly outcome: "ok";
  readonly items: readonly SignalView[];
  /** Texts that held bytes or surrogates that are no characters; each of those reads as U+FFFD. */
  readonly repaired: number;
}

export type DecodeOutcome = Decoded | Malformed;
export type Signal = "traces" | "logs" | "metrics";
export type Encoding = "protobuf" | "json";
