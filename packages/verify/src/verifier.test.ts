import { expect, test } from "vitest";
import { checkSignature, sha256 } from "../../../test/support/crypto.ts";
import { readerOfFiles } from "./bundle.ts";
import { makeBundle } from "./small-bundle.test-suite.ts";
import { verifyBundle } from "./verifier.ts";

const ports = { sha256, checkSignature };

test("an honest bundle agrees with itself", async () => {
  const { files } = await makeBundle();
  const report = await verifyBundle(readerOfFiles(files), ports);
  expect(report.findings).toEqual([]);
  expect(report.level).toBe("self_consistent");
});
