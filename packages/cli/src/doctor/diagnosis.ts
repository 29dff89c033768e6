/** `fault`: something is wrong and says what to do. `note`: as configured, but worth knowing. */
export interface Diagnosis {
  readonly check: string;
  readonly verdict: "ok" | "note" | "fault";
  readonly said: string;
}
