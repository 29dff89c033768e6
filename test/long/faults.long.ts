import { test } from "vitest";
import { endure, faults } from "../support/fault-matrix.ts";
import { canMount } from "../support/small-disk.ts";

const times = Number(process.env["FAULT_TIMES"] ?? 50);
const seed = Number(process.env["FAULT_SEED"] ?? 1);
const mounts = canMount();

test.each(faults.map((fault, at) => [fault.name, fault, at] as const))(
  `under load, ${times} times (seed ${seed}): %s`,
  async (name, fault, at) => {
    process.stdout.write(`${name}\n`);
    if (fault.mounts === true && !mounts) {
      process.stdout.write("  not run: mounting a small file system needs root\n");
      return;
    }
    await endure(fault, times, seed + at, (line) => process.stdout.write(`${line}\n`));
  },
);
