// A process that dies while it stores: `step` ends it between two target tables, `loop` stores file after file until it is killed.
// Runs from the built package, as a user's process does.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@custody/storage";

const [mode, dir, journal, ledger, argument] = process.argv.slice(2);
const files = readdirSync(journal)
  .sort()
  .map((name) => ({
    path: join(journal, name),
    ledger,
    tenant: "acme",
    from: Number(name.slice(0, 16)),
    to: Number(name.slice(17, 33)),
    rx: "",
  }));
const onRepairStep = (step) => {
  if (mode === "step" && step === argument) process.kill(process.pid, "SIGKILL");
};
const store = await openStore({ kind: "embedded", dir, hooks: { onRepairStep } });
await store.migrate();
process.stdout.write("ready\n");
if (mode === "step") await store.writer.insert(files[0], { repair: true });
for (const file of files.slice(Number(argument))) {
  await store.writer.insert(file, { repair: false });
  process.stdout.write(`stored ${file.from}\n`);
}
await store.close();
