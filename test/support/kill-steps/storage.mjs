import * as storage from "@custody/storage";
import { pass } from "./countdown.mjs";

export * from "@custody/storage";

/** @type {typeof storage.openStore} */
export const openStore = (options) =>
  storage.openStore({ ...options, hooks: { onRepairStep: pass } });
