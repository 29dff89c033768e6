import type { RecordClass } from "@custody/model";
import type { Sha256 } from "@custody/proof";
import { createCanonicalScanner, type Span } from "./canonical-scan.ts";
import { VerifyError } from "./errors.ts";
import type { FindingCode } from "./finding.ts";
import { limits } from "./limits.ts";
import type { GradeLine } from "./manifest.ts";
import { visitRows } from "./row.ts";

export interface RowFault {
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

/** Hashes and checks every row. What depends on the seals is judged later, from the digests kept here. */
export function readClassRows(sha256: Sha256, input: ClassRowsInput): ClassRows {
  const scanner = createCanonicalScanner(wanted);
  const table = new RowTable(input.class);
  const asText = (bytes: Uint8Array, span: Span | undefined): string => {
    // Values compared here are short ASCII words and times; others are unequal to all of them.
    let text = "";
    for (let i = span?.start ?? 0; i < (span?.end ?? 0); i++)
      text += String.fromCharCode(bytes[i] ?? 0);
    return text;
  };
  let lastRx = "";
  try {
    visitRows(input.file, (leaf, bytes, length) => {
      const where = `${input.path} leaf ${leaf}`;
      if (!scanner.scan(bytes, 0, length)) table.fault("ROW_CANONICAL", where);
      else {
        const [name, tenant, rx, grade] = wanted.map((_, i) => asText(bytes, scanner.span(i)));
        if (name !== input.class) table.fault("ROW_CLASS", where);
        if (tenant !== input.tenant) table.fault("ROW_TENANT", where);
        if (rx === undefined || rx < lastRx) table.fault("ROW_TIME", where);
        lastRx = rx ?? "";
        table.grade(grade ?? "");
      }
      if (table.count > 0 && leaf <= table.leaf(table.count - 1))
        table.fault("ROWS_SWAPPED", where);
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

  grade(name: string): void {
    const known = gradeNames.find((each) => each === name);
    if (known !== undefined) this.grades[known] += 1;
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
