// `npm run test:month`: the generated month of 200 agents (test/month), whole.
import { runProof } from "./run-proof.mjs";

const help = `Usage: npm run test:month -- [options]

Generates a month of 200 agents, hears it in order, and holds what the rules find against what happened; then hears it again with three of ten
records late by up to a day and one of twenty requests twice, and compares actions and open findings. Fails where fewer incidents are found
than were kept in test/month/measured.json, or where the two orders end differently. With CUSTODY_WRITE_TABLES=1 the measure is kept.

  --seed N       of the disorder (default 20261123)
  --help

Example: npm run test:month -- --seed 7
`;

process.exitCode = runProof("month", help, {
  seed: { default: 20_261_123, env: "MONTH_SEED" },
});
