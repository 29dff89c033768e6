import type { IncomingHttpHeaders } from "node:http";
import { type AnyFact, limits, type Principal } from "@custody/model";
import fastify, { type FastifyInstance } from "fastify";
import type { CollectorContext } from "./context.ts";
import { Refusal } from "./errors.ts";
import { createGrpcDoor, type GrpcDoor } from "./grpc/server.ts";
import type { Detector } from "./jobs/detect.ts";
import { createJobs, type JobReadings } from "./jobs/jobs.ts";
import { createJobMeter } from "./metrics/job-meter.ts";
import { createMetricRegistry } from "./metrics/metric-registry.ts";
import { meterRequests } from "./metrics/request-meter.ts";
import { createRiver } from "./pipeline/river.ts";
import { createAdmission } from "./plugins/admission.ts";
import { createDoorkeeper } from "./plugins/authenticate.ts";
import { createMeters } from "./plugins/meters.ts";
import { handleRefusals } from "./plugins/refusal-handler.ts";
import { seatRequests } from "./plugins/seating.ts";
import { createPolicyRegister } from "./policy-register.ts";
import type { CollectorOptions, CollectorPorts } from "./ports.ts";
import { routeAgentsTraces } from "./routes/agents-traces.ts";
import { routeApprovals } from "./routes/approvals.ts";
import { routeChanges } from "./routes/changes.ts";
import { routeEgress } from "./routes/egress.ts";
import { routeExpected } from "./routes/expected.ts";
import { routeHealth } from "./routes/health.ts";
import { routeOtlp } from "./routes/otlp.ts";
import { routePolicies } from "./routes/policies.ts";
import { routeSandboxImport } from "./routes/sandbox-import.ts";
import { routeSandboxes } from "./routes/sandboxes.ts";
import { writeFact } from "./routes/write-fact.ts";
import { selfHeader } from "./traces/self-traces-port.ts";

/** How long a client may take to send its headers and body. */
const requestTimeoutMs = 60_000;

export interface Collector {
  /** The Fastify instance: `listen` it, or `inject` requests without a socket. */
  readonly app: FastifyInstance;
  /** OTLP over gRPC on a port of its own: `listen` it, or leave it. */
  readonly grpc: GrpcDoor;
  /** Looks for joins in what was stored since; returns how many links were written. Also runs by itself. */
  correlate(): Promise<number>;
  /** Looks for holes in sources' numbers; returns how many gaps were written, closed ones too. Also runs by itself. */
  watchGaps(): Promise<number>;
  /** Asks the rules of what was stored since. Also runs by itself. */
  readonly detector: Pick<Detector, "run" | "replay">;
  /** Commits what somebody said on another path, under that credential; answers the record's id once it is durable, else rejects. */
  write(principal: Principal, fact: AnyFact): Promise<string>;
  /** How the jobs are. */
  readonly jobs: JobReadings;
  /** Stops the jobs and the server. Open requests finish first. */
  close(): Promise<void>;
}

/** Whatever way they took here: each would make more of them. */
function refuseOwnTraces(headers: IncomingHttpHeaders, instance: string | undefined): void {
  if (instance === undefined || headers[selfHeader] !== instance) return;
  throw new Refusal("forbidden", "these are our own traces; `traces_to` leads back to us");
}

/** The collector: receivers, the river, and the jobs behind it. */
export function createCollector(ports: CollectorPorts, options: CollectorOptions): Collector {
  const admission = createAdmission();
  const registry = createMetricRegistry();
  const jobs = createJobs(ports, options, createJobMeter(registry));
  const meters = createMeters(registry, {
    ...ports,
    inFlight: admission.bytes,
    inFlightMax: admission.bytesMax,
    jobs: jobs.readings,
    traces: options.traces,
  });
  const { traces } = options;
  if (traces !== undefined) ports.self?.onStage(traces.stage);
  const context: CollectorContext = {
    ports,
    doors: createDoorkeeper(ports, options),
    river: createRiver(ports, jobs.observe),
    meters,
    policies: createPolicyRegister(ports.reader),
  };
  const app = fastify({
    bodyLimit: limits.requestBytesMax,
    requestTimeout: requestTimeoutMs,
    // Whoever started the process parses its stdout.
    logger: { level: options.logLevel, stream: process.stderr },
    // A body is parsed where its path says how; none is parsed as JSON behind a route's back.
    exposeHeadRoutes: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  handleRefusals(app, meters, ports);
  meterRequests(app, meters.request);
  app.addHook("onRequest", async (request) => {
    context.doors.checkOrigin(request);
    refuseOwnTraces(request.headers, traces?.instance);
  });
  seatRequests(app, admission, ports);
  routeHealth(app, context);
  routeOtlp(app, context);
  routeAgentsTraces(app, context);
  routePolicies(app, context);
  routeSandboxes(app, context);
  routeSandboxImport(app, context);
  routeEgress(app, context);
  routeChanges(app, context);
  routeApprovals(app, context);
  routeExpected(app, context);
  const failed = (error: unknown): void => {
    app.log.error({ event: "call-failed", stack: (error as Error).stack });
  };
  const grpc = createGrpcDoor({ ...context, admission, failed });
  return {
    app,
    grpc,
    correlate: jobs.correlate,
    watchGaps: jobs.watchGaps,
    detector: jobs.detector,
    jobs: jobs.readings,
    write: async (principal, fact) => (await writeFact(context, principal, fact)).record_id,
    async close() {
      await Promise.all([app.close(), grpc.close()]);
      await jobs.close();
      meters.close();
      await traces?.close();
    },
  };
}
