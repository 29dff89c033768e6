import { CustodyError } from "@custody/model";
import type { FastifyError } from "fastify";
import { Refusal, type RefusalCode } from "./errors.ts";

/** What the server and the store say of a request, in the words of the API. Everything else is a fault of ours. */
const codes: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "bad-request",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "bad-request",
  FST_ERR_CTP_INVALID_JSON_BODY: "bad-request",
  FST_ERR_CTP_EMPTY_JSON_BODY: "bad-request",
  STORE_CURSOR: "bad-cursor",
  STORE_BUSY: "too-many",
  STORE_TIMEOUT: "unavailable",
  STORE_MEMORY: "unavailable",
  STORE_UNREACHABLE: "unavailable",
  STORE_CLOSED: "unavailable",
};
const retryAfterSeconds = 5;

export function refusalOf(error: FastifyError | Error): Refusal {
  if (error instanceof Refusal) return error;
  const code = "code" in error && typeof error.code === "string" ? codes[error.code] : undefined;
  if (code === undefined) return new Refusal("internal", "an error of ours", { cause: error });
  // The store's own words may hold what was asked; the title says enough.
  const message = error instanceof CustodyError ? code : error.message;
  const retry = code === "too-many" || code === "unavailable" ? { retryAfterSeconds } : {};
  return new Refusal(code, message, { cause: error, ...retry });
}
