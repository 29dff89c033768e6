// `npm run test:month`: the generated month of 200 agents (test/month), whole.
import { runProof } from "./run-proof.mjs";

const help = `Usage: npm run test:month -- [options]

Generates a month of 200 agents, hears it in order, and holds what the rules find against what happened; then hears it again with three of ten
records late by up to a day and one of twenty requests twice, and compares actions and open findings. Fails where fewer incidents are found
than were kept in test/month/measured.json, or where the two orders end differently. With CUSTODY_WRITE_TABLES=1 the measure is kept.

  --days N       to send through the real collector, ledger and store as well (default 1, of eight agents a day; 31 is the whole month)
  --seed N       of the disorder (default 20261123)
  --help

Example: npm run test:month -- --days 31
`;

process.exitCode = runProof("month", help, {
  days: { default: 1, env: "MONTH_DAYS" },
  seed: { default: 20_261_123, env: "MONTH_SEED" },
});
