import { readFileSync } from "node:fs";

/**
 * Answers the questions of `ingest.mjs`, one after the other, and ends the process after `close`.
 *
 * @param {Readonly<Record<string, (about: any) => unknown>>} answers
 */
export function answerQuestions(answers) {
  process.on("message", async ({ question, about }) => {
    try {
      process.send?.({ answer: await answers[question](about) });
    } catch (error) {
      process.send?.({ failed: error instanceof Error ? error.stack : String(error) });
    }
  });
  // By `exit`, so that a profile is written and no engine thread keeps the process.
  process.once("disconnect", () => process.exit(0));
}

/** What this process has used since `mark()`: processor time of all its threads, the engine's too, and its largest resident size. */
export function createUsage() {
  let cpu = process.cpuUsage();
  let main = mainThreadMs();
  let loop = performance.eventLoopUtilization();
  return {
    mark() {
      cpu = process.cpuUsage();
      main = mainThreadMs();
      loop = performance.eventLoopUtilization();
    },
    read() {
      const { user, system } = process.cpuUsage(cpu);
      return {
        cpuMs: (user + system) / 1_000,
        mainThreadCpuMs: mainThreadMs() - main,
        mainThreadBusy: performance.eventLoopUtilization(loop).utilization,
        rssPeakBytes: process.resourceUsage().maxRSS * 1_024,
      };
    },
  };
}

const ticksPerSecond = 100;

/** Processor time of the thread that runs JavaScript, where the system tells it; NaN elsewhere. */
function mainThreadMs() {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000;
  } catch {
    return Number.NaN;
  }
}
