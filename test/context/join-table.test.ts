import { joinMethods } from "@custody/context";
import { expect, test } from "vitest";
import { committedBlock, generatedBlock } from "../support/generated-block.ts";

test("the table of methods in the package's readme is what the joins use", () => {
  const fresh = generatedBlock("joins", [
    "| method | rests on | confidence | when |",
    "|---|---|---|---|",
    ...Object.entries(joinMethods).map(
      ([method, { rests, confidence, when }]) =>
        `| \`${method}\` | ${rests} | ${confidence.join(", ")} | ${when} |`,
    ),
  ]);
  const stale = "packages/context/README.md was stale and is rewritten: look at it and commit it";
  expect(committedBlock("joins", fresh, "packages/context/README.md"), stale).toBe(fresh);
});
