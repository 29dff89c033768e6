/** The closed list of exit codes (contract section 6). */
export const exitCodes = {
  done: 0,
  /** The answer is no: verification failed or stayed below the required level, exceptions, doctor found a fault. */
  no: 1,
  /** Usage or configuration. */
  usage: 2,
  /** Cannot reach what it needs. */
  unreachable: 3,
  /** Refused: credentials, hold, limit. */
  refused: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a sentence that says what to do next. */
export class Stop extends Error {
  readonly code: ExitCode;

  constructor(
    code: keyof typeof exitCodes,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = "Stop";
    this.code = exitCodes[code];
  }
}
