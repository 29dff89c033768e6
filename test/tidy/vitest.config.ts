import { defineConfig } from "vitest/config";
import { FileOrder } from "./file-order.ts";
import { testSettings } from "./test-settings.ts";

const ofPackages = (names: string): string => `packages/${names}/src/**/*.test.ts`;
/** L0, L1 and what holds them against captures: they touch nothing outside themselves, so many files share one process. */
const pure = [
  ofPackages("{model,proof,verify,otlp,dialects,context,detections,redaction}"),
  "test/{captures,context,detections,month,otlp}/**/*.test.ts",
];

export default defineConfig({
  ...testSettings,
  test: {
    ...testSettings.test,
    projects: [
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      {
        extends: true,
        test: { name: "alone", include: [ofPackages("*"), "test/**/*.test.ts"], exclude: pure },
      },
    ],
    sequence: { sequencer: FileOrder },
  },
});
