import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ExportDesk, ExportJob } from "@custody/query-api";
import { writeExport } from "./export.ts";
import type { Runtime } from "./runtime.ts";

/** Finished exports kept for download; the oldest goes first. */
const jobsMax = 20;

type Kept = { job: ExportJob; readonly tenant: string; readonly path: string };

/** Runs exports one at a time behind the API, and keeps their bundles for download. */
export function createExportDesk(runtime: Runtime): ExportDesk {
  const kept = new Map<string, Kept>();
  const folder = join(runtime.data, "exports");
  let turn: Promise<unknown> = Promise.resolve();

  const run = async (entry: Kept, request: Parameters<ExportDesk["start"]>[0]): Promise<void> => {
    const update = (change: Partial<ExportJob>): void => {
      entry.job = { ...entry.job, ...change };
    };
    try {
      const summary = await writeExport(runtime, request, entry.path, ({ step, done }) => {
        update({ step, progress: done });
      });
      update({ status: "done", progress: 1, step: "done", summary });
    } catch (error) {
      update({ status: "failed", error: error instanceof Error ? error.message : String(error) });
    }
  };

  return {
    async start(request) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const id = randomUUID();
      const job: ExportJob = {
        id,
        status: "running",
        progress: 0,
        step: "waiting",
        error: null,
        summary: null,
      };
      const entry: Kept = { job, tenant: request.tenant, path: join(folder, `${id}.zip`) };
      kept.set(id, entry);
      for (const [
        old,
        {
          path,
          job: { status },
        },
      ] of kept) {
        if (kept.size <= jobsMax) break;
        if (status === "running") continue;
        kept.delete(old);
        await rm(path, { force: true });
      }
      turn = turn.then(() => run(entry, request));
      return job;
    },
    find: (tenant, id) => {
      const entry = kept.get(id);
      return entry?.tenant === tenant ? entry.job : undefined;
    },
    async bundle(tenant, id) {
      const entry = kept.get(id);
      return entry?.tenant === tenant && entry.job.status === "done"
        ? readFile(entry.path)
        : undefined;
    },
  };
}
