import type { RecordClass } from "@custody/model";
import { compareBytes, type Sha256, utf8Encode } from "@custody/proof";
import { createCanonicalScanner } from "./canonical-scan.ts";
import { VerifyError } from "./errors.ts";
import type { FindingCode } from "./finding.ts";
import { limits } from "./limits.ts";
import type { GradeLine } from "./manifest.ts";
import { visitRows } from "./row.ts";

interface RowFault {
  readonly code: FindingCode;
  readonly where: string;
}

/** One class's rows after one pass over its file: 40 bytes a row, whatever the records weigh. */
export interface ClassRows {
  readonly class: RecordClass;
  readonly count: number;
  leaf(row: number): number;
  /** A view: do not change it. */
  digest(row: number): Uint8Array;
  /** The row that has this leaf, or -1. Right only where leaves ascend, which `faults` tells. */
  find(leaf: number): number;
  readonly grades: GradeLine;
  readonly faults: readonly RowFault[];
}

export interface ClassRowsInput {
  readonly class: RecordClass;
  readonly tenant: string;
  readonly path: string;
  readonly file: Uint8Array;
}

const wanted = ["class", "tenant", "rx", "grade"] as const;
const gradeNames = ["observed", "reported", "derived", "inferred"] as const;
const gradeBytes = gradeNames.map((name) => utf8Encode(name));

/** Hashes and checks every row. What depends on the seals is judged later, from the digests kept here. */
export function readClassRows(sha256: Sha256, input: ClassRowsInput): ClassRows {
  const scanner = createCanonicalScanner(wanted);
  const table = new RowTable(input.class);
  const [name, tenant] = [utf8Encode(input.class), utf8Encode(input.tenant)];
  let lastRx: Uint8Array = new Uint8Array(0);
  const judge = (where: () => string): void => {
    if (!scanner.says(0, name)) table.fault("ROW_CLASS", where());
    if (!scanner.says(1, tenant)) table.fault("ROW_TENANT", where());
    if (!scanner.says(2, lastRx)) {
      const rx = scanner.copy(2);
      if (compareBytes(rx, lastRx) < 0) table.fault("ROW_TIME", where());
      lastRx = rx;
    }
    table.grade(gradeBytes.findIndex((grade) => scanner.says(3, grade)));
  };
  try {
    visitRows(input.file, (leaf, bytes, length) => {
      const where = (): string => `${input.path} leaf ${leaf}`;
      if (scanner.scan(bytes, 0, length)) judge(where);
      else table.fault("ROW_CANONICAL", where());
      const before = table.count === 0 ? -1 : table.leaf(table.count - 1);
      if (leaf < before) table.fault("ROWS_SWAPPED", where());
      if (leaf === before) table.fault("ROWS_INSERTED", where());
      table.add(leaf, sha256(bytes.subarray(0, length)));
    });
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    table.fault("ROW_FORMAT", `${input.path} ${error.message}`);
  }
  return table;
}

class RowTable implements ClassRows {
  readonly class: RecordClass;
  readonly faults: RowFault[] = [];
  readonly grades: Record<(typeof gradeNames)[number], number> = {
    observed: 0,
    reported: 0,
    derived: 0,
    inferred: 0,
  };
  count = 0;
  private leaves = new Float64Array(1024);
  private digests = new Uint8Array(32 * 1024);

  constructor(name: RecordClass) {
    this.class = name;
  }

  add(leaf: number, digest: Uint8Array): void {
    if (this.count === this.leaves.length) this.grow();
    this.leaves[this.count] = leaf;
    this.digests.set(digest, 32 * this.count);
    this.count += 1;
  }

  fault(code: FindingCode, where: string): void {
    // One more than is told, so that the book can say that there were more.
    const told = this.faults.filter((fault) => fault.code === code).length;
    if (told <= limits.findingsPerCodeMax) this.faults.push({ code, where });
  }

  grade(index: number): void {
    const name = gradeNames[index];
    if (name !== undefined) this.grades[name] += 1;
  }

  leaf(row: number): number {
    return this.leaves[row] ?? -1;
  }

  digest(row: number): Uint8Array {
    return this.digests.subarray(32 * row, 32 * (row + 1));
  }

  find(leaf: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.leaf(middle);
      if (found === leaf) return middle;
      if (found < leaf) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private grow(): void {
    const leaves = new Float64Array(2 * this.leaves.length);
    leaves.set(this.leaves);
    this.leaves = leaves;
    const digests = new Uint8Array(2 * this.digests.length);
    digests.set(this.digests);
    this.digests = digests;
  }
}
