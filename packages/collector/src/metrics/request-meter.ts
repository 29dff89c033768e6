import type { FastifyInstance } from "fastify";
import type { MetricRegistry } from "./metric-registry.ts";

/** Told of each request that was answered: `door` is one of the documented paths, never what a client wrote. */
export type CountRequest = (door: string, status: string, durationMs: number) => void;

export function createRequestMeter(registry: MetricRegistry): CountRequest {
  const requests = registry.counter("custody_requests_total");
  const seconds = registry.histogram("custody_request_seconds");
  return (door, status, durationMs) => {
    requests.inc({ door, status });
    seconds.observe({ door }, durationMs / 1000);
  };
}

export function meterRequests(app: FastifyInstance, count: CountRequest): void {
  app.addHook("onResponse", async (request, reply) => {
    count(request.routeOptions.url ?? "other", String(reply.statusCode), reply.elapsedTime);
  });
}
