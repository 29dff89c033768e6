import { type ClickHouseListener, startClickHouseListener } from "@custody/testkit";
import { afterAll } from "vitest";
import { storeContract } from "../contract.test-suite.ts";
import { openStore } from "../store.ts";

let listener: ClickHouseListener | undefined;

storeContract("the store on a genuine server", async (dir) => {
  listener = await startClickHouseListener({ dir });
  return openStore({ kind: "server", url: listener.url, compress: true });
});

afterAll(async () => {
  await listener?.stop();
});
