import { appendFileSync } from "node:fs";

const { KILL_STEP, KILL_AT, KILL_LOG } = process.env;
let seen = 0;

/** Ends the process, without a word, the n-th time the named step comes: nothing after this line happens. */
export function pass(step) {
  if (step !== KILL_STEP) return;
  seen += 1;
  if (seen !== Number(KILL_AT)) return;
  appendFileSync(KILL_LOG, `${step}\n`);
  process.kill(process.pid, "SIGKILL");
}
