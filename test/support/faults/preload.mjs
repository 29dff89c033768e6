// Preloaded into a genuine `custody up` beside kill-steps: faults of the machine that a test cannot make happen to one process alone.
// They are turned on and off by a control file, and each time one strikes, a line says so.
import { appendFileSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

const { FAULT_CONTROL, FAULT_LOG } = process.env;
const pollMs = 20;

/** `{ fsync?: "EIO", slowMs?: number, clockMs?: number, hostile?: boolean }`; absent: nothing is wrong. */
export let fault = {};
setInterval(() => {
  try {
    fault = JSON.parse(readFileSync(FAULT_CONTROL, "utf8"));
  } catch {
    // Half written, or not there: what holds goes on.
  }
}, pollMs).unref();

export const struck = (what) => appendFileSync(FAULT_LOG, `${what}\n`);

const handle = await open(new URL(import.meta.url));
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ["sync", "datasync"]) {
  const genuine = prototype[name];
  prototype[name] = async function () {
    if (fault.slowMs !== undefined) {
      struck("slow");
      await wait(fault.slowMs);
    }
    if (fault.fsync === undefined) return genuine.call(this);
    struck("fsync");
    const syscall = name === "sync" ? "fsync" : "fdatasync";
    throw Object.assign(new Error(`${fault.fsync}: i/o error, ${syscall}`), {
      code: fault.fsync,
      errno: -5,
      syscall,
    });
  };
}

const genuineNow = Date.now;
Date.now = () => {
  if (fault.clockMs === undefined) return genuineNow();
  return genuineNow() + fault.clockMs;
};

/** Keeps every reader of the store busy with a question that needs more memory than there is. */
export async function hostile(reader) {
  for (;;) {
    if (fault.hostile !== true) {
      await wait(pollMs, undefined, { ref: false });
      continue;
    }
    const sql =
      "SELECT length(groupArray(repeat(toString(number), 50))) AS n FROM numbers(100000000)";
    await reader.rows({ sql, params: {} }).then(
      () => undefined,
      // Only the engine's own word for it counts: code 241.
      (error) =>
        /MEMORY_LIMIT|memory limit/i.test(`${error.message}${error.cause?.message}`) &&
        struck("hostile"),
    );
  }
}
