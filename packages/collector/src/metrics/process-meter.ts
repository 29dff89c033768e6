import { readdirSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { MetricRegistry } from "./metric-registry.ts";

/** How closely the main thread's delays are looked at. */
const resolutionMs = 20;
const nanosOfSecond = 1e9;

/** How the process itself is. Answers what ends the watching. */
export function addProcessMetrics(registry: MetricRegistry): () => void {
  registry.read("process_cpu_seconds_total", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  registry.read("process_resident_memory_bytes", () => process.memoryUsage.rss());
  registry.read("process_open_fds", openFiles);
  registry.read("process_start_time_seconds", () => performance.timeOrigin / 1000);
  registry.read("nodejs_heap_used_bytes", () => process.memoryUsage().heapUsed);
  registry.read(
    "custody_event_loop_busy_seconds_total",
    () => performance.eventLoopUtilization().active / 1000,
  );
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  // Each sample holds the time between two looks itself.
  const late = (nanos: number): number => Math.max(0, nanos / nanosOfSecond - resolutionMs / 1000);
  registry.read("custody_event_loop_delay_p99_seconds", () =>
    delays.count === 0 ? 0 : late(delays.percentile(99)),
  );
  registry.read("custody_event_loop_delay_max_seconds", () => {
    const max = delays.count === 0 ? 0 : late(delays.max);
    // Read last of the two: the next reader hears of what comes from now on.
    delays.reset();
    return max;
  });
  return () => void delays.disable();
}

function openFiles(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}
