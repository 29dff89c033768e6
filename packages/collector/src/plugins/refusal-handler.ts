import { encodeStatus } from "@custody/otlp";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal, type RefusalCode, refusals } from "../errors.ts";
import type { CollectorPorts } from "../ports.ts";
import type { Meters } from "./meters.ts";
import { subjectOf } from "./seating.ts";

const fastifyCodes: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "malformed",
  FST_ERR_CTP_EMPTY_JSON_BODY: "malformed",
  FST_ERR_CTP_INVALID_JSON_BODY: "malformed",
  FST_ERR_NOT_FOUND: "not-found",
};
const otlpPaths: ReadonlySet<string> = new Set(["/v1/traces", "/v1/logs", "/v1/metrics"]);

/** Answers every refusal in the protocol of its path: OTLP `Status`, else an RFC 9457 problem document with a stable code. */
export function handleRefusals(
  app: FastifyInstance,
  meters: Pick<Meters, "refused">,
  { keys }: Pick<CollectorPorts, "keys">,
): void {
  const count = (code: RefusalCode, { headers }: FastifyRequest): void =>
    meters.refused(code, subjectOf(keys, headers.authorization));
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const refusal = refusalOf(error);
    count(refusal.code, request);
    if (refusal.code === "internal") {
      request.log.error({ event: "request-failed", code: error.code, stack: error.stack });
    }
    return answer(refusal, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    count("not-found", request);
    return answer(new Refusal("not-found", "no such path or method here"), request, reply);
  });
}

function refusalOf(error: FastifyError | Refusal): Refusal {
  if (error instanceof Refusal) return error;
  const code = fastifyCodes[error.code];
  return code === undefined
    ? new Refusal("internal", "an error of ours; nothing of this request was acknowledged", {
        cause: error,
      })
    : new Refusal(code, error.message, { cause: error });
}

function answer(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, grpc, title } = refusals[refusal.code];
  reply.code(status);
  if (refusal.retryAfterMs !== undefined) {
    reply.header("retry-after", String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))));
  }
  if (refusal.code === "unauthenticated") reply.header("www-authenticate", "Bearer");
  if (otlpPaths.has(request.url.split("?")[0] ?? "")) {
    const json = (request.headers["content-type"] ?? "").startsWith("application/json");
    const message = encodeStatus(
      json ? "json" : "protobuf",
      grpc,
      `${refusal.code}: ${refusal.message}`,
    );
    return reply
      .type(json ? "application/json" : "application/x-protobuf")
      .send(Buffer.from(message));
  }
  return reply.type("application/problem+json").send(
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
