// `npm run test:kill`: the kills of test/e2e/kill.test.ts at length, on one data folder.
import { runProof, seedOfNow } from "./run-proof.mjs";

const help = `Usage: npm run test:kill -- [options]

Ends a running Custody with SIGKILL under load, starts it again on the same data folder, and at the end holds the folder to everything
that was acknowledged, signed and served. Needs a build (npm run build). Writes to a temporary folder and removes it.

  --kills N   deaths at random moments (default 20); besides, one at each named step and between each two target tables
  --seed N    of the moments and of the load (default: from the clock; it is printed)
  --help

Example: npm run test:kill -- --kills 20 --seed 7
`;

process.exitCode = runProof("kill.long", help, {
  kills: { default: 20, env: "KILL_COUNT" },
  seed: { default: seedOfNow(), env: "KILL_SEED" },
});
