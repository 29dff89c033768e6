import type { KeyKind, Principal } from "@custody/model";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";

/** A read or an act of the API as one row: the server and the OpenAPI document are made from the same table. */
export interface Route {
  readonly method: "GET" | "POST";
  /** With `{name}` for parameters, as the contract prints it. A last segment `*` takes the rest of the path. */
  readonly path: string;
  readonly summary: string;
  /** Kinds of key that may call it; empty: no key needed. */
  readonly kinds: readonly KeyKind[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Schema of the 200 answer; absent for answers that are not JSON. */
  readonly answer?: z.ZodType;
  readonly mediaType?: string;
  handle(call: Call): Promise<unknown>;
}

/** A parsed, authenticated call. What `handle` resolves to is sent as JSON, unless it used `reply` itself. */
export interface Call {
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether this key may read content now. */
  readonly content: boolean;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export const readers: readonly KeyKind[] = [
  "reader",
  "investigator",
  "auditor",
  "authority",
  "admin",
];
