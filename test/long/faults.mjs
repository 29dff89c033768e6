// `npm run test:faults`: a running Custody meets one fault after another, each on a data folder of its own.
import { runProof, seedOfNow } from "./run-proof.mjs";

const help = `Usage: npm run test:faults -- [options]

Lets a running Custody under load meet one fault after another, and after each holds its data folder to everything that was
acknowledged and signed. Needs a build (npm run build). Writes to temporary folders and removes them. Deaths of the process at named
steps and at random are test:kill.

  --times N   how often each fault strikes (default 50)
  --seed N    of the moments and of the load (default: from the clock; it is printed)
  --help

Example: npm run test:faults -- --times 3 --seed 7
`;

process.exitCode = runProof("faults.long", help, {
  times: { default: 50, env: "FAULT_TIMES" },
  seed: { default: seedOfNow(), env: "FAULT_SEED" },
});
