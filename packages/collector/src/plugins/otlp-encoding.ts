import type { FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";

export type OtlpEncoding = "protobuf" | "json";

const encodings: Readonly<Record<string, OtlpEncoding>> = {
  "application/x-protobuf": "protobuf",
  "application/json": "json",
};

/** The request's encoding by its media type, parameters aside. */
export function encodingOf(request: FastifyRequest): OtlpEncoding {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const encoding = encodings[type];
  if (encoding === undefined) {
    throw new Refusal("unsupported-type", "send application/x-protobuf or application/json");
  }
  return encoding;
}
