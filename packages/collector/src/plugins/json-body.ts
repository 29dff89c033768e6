import type { FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";

/** The body as text; refused where it is not UTF-8. Bodies of these paths are not compressed. */
export function textBody(request: FastifyRequest): string {
  if (!Buffer.isBuffer(request.body)) throw new Refusal("malformed", "the request has no body");
  if (request.headers["content-encoding"] !== undefined) {
    throw new Refusal("unsupported-type", "this path takes no Content-Encoding");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(request.body);
  } catch (cause) {
    throw new Refusal("malformed", "the body is not UTF-8", { cause });
  }
}

export function jsonBody(request: FastifyRequest): unknown {
  const text = textBody(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal("malformed", "the body is not JSON", { cause });
  }
}
