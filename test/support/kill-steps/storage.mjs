import * as storage from "@custody/storage";
import { pass } from "./countdown.mjs";

export * from "@custody/storage";

/** @type {typeof storage.openStore} */
export const openStore = async (options) => {
  const store = await storage.openStore({ ...options, hooks: { onRepairStep: pass } });
  if (process.env.FAULT_CONTROL !== undefined) {
    const { hostile } = await import("../faults/preload.mjs");
    void hostile(store.reader);
  }
  return store;
};
