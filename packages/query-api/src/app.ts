import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { z } from "zod";
import { type AccessLog, createAccessLog } from "./access.ts";
import { authenticate, checkHost, mayReadContent } from "./authenticate.ts";
import { Refusal, refusals } from "./errors.ts";
import { openApiDocument } from "./openapi.ts";
import type { ApiOptions, ApiPorts } from "./ports.ts";
import { refusalOf } from "./refusal-of.ts";
import type { Route } from "./route.ts";
import { routeTable } from "./routes/table.ts";

/** Bytes of a request body of the API: requests are small, answers are not. */
const bodyBytesMax = 262_144;

const noParameters = z.strictObject({});

export interface QueryApi {
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** The query API: everything that reads, one table of routes, every read recorded. */
export function createQueryApi(ports: ApiPorts, options: ApiOptions): QueryApi {
  const app = fastify({
    bodyLimit: bodyBytesMax,
    // Whoever started the process parses its stdout.
    logger: { level: options.logLevel, stream: process.stderr },
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1024 },
  });
  const access = createAccessLog(ports.commitAccess);
  const table = routeTable(ports, access);
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.code === "internal") {
      request.log.error({ event: "request-failed", code: error.code, stack: error.stack });
    }
    return answer(refusal, reply);
  });
  app.setNotFoundHandler((_request, reply) =>
    answer(
      new Refusal("not-found", "no such path or method here; GET /openapi.json lists them"),
      reply,
    ),
  );
  app.addHook("onRequest", async (request) => checkHost(request, options.hosts));
  for (const route of table) register(app, route, ports, access);
  const document = openApiDocument(table, options.version);
  app.get("/openapi.json", async () => document);
  app.get("/healthz", async () => ({ status: "ok" }));
  return {
    app,
    async close() {
      await app.close();
      await access.close();
    },
  };
}

function register(app: FastifyInstance, route: Route, ports: ApiPorts, access: AccessLog): void {
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{([a-z_]+)\}/g, ":$1"),
    handler: async (request, reply) => {
      const principal = authenticate(request, ports.keys, route.kinds);
      const call = {
        principal,
        params: parsed(route.params, request.params, "path"),
        query: parsed(route.query ?? noParameters, request.query, "query"),
        body: parsed(route.body, request.body ?? {}, "body"),
        content: mayReadContent(principal, ports.clock),
        request,
        reply,
      };
      if (route.method === "GET") access.count(principal, route.path, request.query);
      const result = await route.handle(call as Parameters<Route["handle"]>[0]);
      return reply.sent ? reply : result;
    },
  });
}

/** Parses at the door: unknown parameters are refused by name, values are never echoed. */
function parsed(schema: z.ZodObject | undefined, input: unknown, place: string): unknown {
  if (schema === undefined) return input ?? {};
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: [place, ...issue.path.map(String)].join("."),
    message: issue.message,
  }));
  throw new Refusal(
    "bad-request",
    problems.map(({ path, message }) => `${path}: ${message}`).join("; "),
    {
      fields: { problems },
    },
  );
}

function answer(refusal: Refusal, reply: FastifyReply): FastifyReply {
  const { status, title } = refusals[refusal.code];
  if (refusal.retryAfterSeconds !== undefined) {
    reply.header("retry-after", String(refusal.retryAfterSeconds));
  }
  if (refusal.code === "unauthenticated") reply.header("www-authenticate", "Bearer");
  return reply
    .code(status)
    .type("application/problem+json")
    .send(
      JSON.stringify({
        type: `urn:custody:problem:${refusal.code}`,
        title,
        status,
        code: refusal.code,
        detail: refusal.message,
        ...refusal.fields,
      }),
    );
}
