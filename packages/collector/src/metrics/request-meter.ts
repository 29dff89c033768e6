import type { FastifyInstance } from "fastify";
import { type SelfTraces, selfHeader } from "../traces/self-traces-port.ts";
import type { MetricRegistry } from "./metric-registry.ts";

/** Told of each request that was answered: `door` is one of the documented paths, never what a client wrote. */
export type CountRequest = (
  door: string,
  status: string,
  durationMs: number,
  /** Of what it brought; undefined where it brought nothing, or only another collector's own traces. */
  brought: { readonly bytes: number; readonly refused: boolean } | undefined,
) => void;

export function createRequestMeter(
  registry: MetricRegistry,
  traces: SelfTraces | undefined,
): CountRequest {
  const requests = registry.counter("custody_requests_total");
  const seconds = registry.histogram("custody_request_seconds");
  return (door, status, durationMs, brought) => {
    requests.inc({ door, status });
    seconds.observe({ door }, durationMs / 1000);
    if (brought !== undefined) traces?.delivery({ door, status, durationMs, ...brought });
  };
}

export function meterRequests(app: FastifyInstance, count: CountRequest): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, headers, routeOptions } = request;
    const bytes = Number(headers["content-length"] ?? 0);
    const isDelivery = method !== "GET" && headers[selfHeader] === undefined;
    const refused = reply.statusCode >= 400;
    count(
      routeOptions.url ?? "other",
      String(reply.statusCode),
      reply.elapsedTime,
      isDelivery ? { bytes, refused } : undefined,
    );
  });
}
