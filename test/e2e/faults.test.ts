import { test } from "vitest";
import { endure, simulatedInTurn } from "../support/fault-matrix.ts";

// `npm run test:faults` does it at length, and kills processes and fills disks as well.

const seed = Number(process.env["CUSTODY_FAULT_SEED"] ?? Date.now() % 1_000_000);

test(`under load, through failing fsyncs, a slow disk, a jumping clock and a hostile query (all but the last simulated; seed ${seed}), everything acknowledged is stored once under one root a size`, async () => {
  await endure(simulatedInTurn, 1, seed);
});
