// `npm run test:mutations`: the mutated captures of test/captures/mutated.test.ts, ten thousand of them.
import { runProof, seedOfNow } from "./run-proof.mjs";

const help = `Usage: npm run test:mutations -- [options]

Drops, renames, retypes, reorders and repeats fields and records of the captures of every agent, and holds what is read of each against
what is read of the capture itself. Prints a table; fails where something is lost uncounted, an id moves, or less than 95 % of the facts
that were not touched stay right.

  --captures N   how many (default 10000)
  --seed N       of the mutations (default: from the clock; it is printed)
  --help

Example: npm run test:mutations -- --captures 10000 --seed 7
`;

process.exitCode = runProof("mutations.long", help, {
  captures: { default: 10_000, env: "MUTATED_CAPTURES" },
  seed: { default: seedOfNow(), env: "MUTATION_SEED" },
});
