import type { FastifyInstance } from "fastify";
import type { CollectorContext } from "../context.ts";

/**
 * Liveness, readiness with the reasons why not, and Prometheus text. No key: they say nothing about any record. A store that is out is a
 * warning as long as the journal has room: records are acknowledged meanwhile.
 */
export function routeHealth(app: FastifyInstance, { ports, meters }: CollectorContext): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const reasons = ports.readiness();
    return reply.code(reasons.length === 0 ? 200 : 503).send({
      status: reasons.length === 0 ? "ready" : "not-ready",
      reasons,
      warnings: ports.warnings(),
    });
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await meters.text()),
  );
}
