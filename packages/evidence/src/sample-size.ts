import type { Control } from "./control.ts";

type Row = readonly [itemsMax: number, lowRisk: number, highRisk: number];

/** Practice, not a standard: nobody prescribes sizes (compliance 3.2). An auditor chooses their own. */
const sizes: readonly Row[] = [
  [1, 1, 1],
  [4, 2, 2],
  [12, 2, 5],
  [52, 5, 15],
  [250, 20, 40],
  [Number.POSITIVE_INFINITY, 25, 60],
];

export function sampleSize(control: Pick<Control, "severity">, items: number): number {
  if (items === 0) return 0;
  const isHigh = control.severity === "critical" || control.severity === "high";
  const row = sizes.find(([itemsMax]) => items <= itemsMax);
  return Math.min(items, (isHigh ? row?.[2] : row?.[1]) ?? 0);
}
