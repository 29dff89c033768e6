// `npm run test:network`: the broken connections of test/fault/store-network.test.ts, each fault fifty times.
import { runProof, seedOfNow } from "./run-proof.mjs";

const help = `Usage: npm run test:network -- [options]

Stores batches in a genuine ClickHouse server through a wire that is refused, cut or falls silent at every insert, in the request or before
the answer, and at one repair of two. Every leaf must be there in the end, and once. Prints what struck.

  --rounds N   of each of the five faults (default 50)
  --seed N     of batches and faults (default: from the clock; it is printed)
  --help

Example: npm run test:network -- --rounds 50 --seed 7
`;

process.exitCode = runProof("network.long", help, {
  rounds: { default: 50, env: "NETWORK_ROUNDS" },
  seed: { default: seedOfNow(), env: "NETWORK_SEED" },
});
