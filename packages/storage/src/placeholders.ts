import type { Statement } from "@custody/model";
import { StorageError } from "./errors.ts";
import { storageLimits } from "./limits.ts";
import { literal, parameterText } from "./literal.ts";

const placeholder = /\{([a-z][a-z0-9_]*):([A-Z][A-Za-z0-9]*(?:\([^{}]*\))?)\}/g;

/** The statement with every placeholder replaced by a literal. One pass: what stands inside a value is never read as a placeholder. */
export function inlined(statement: Pick<Statement, "sql" | "params">): string {
  const sql = statement.sql.replace(placeholder, (_, name: string, type: string) =>
    literal(type, given(statement, name), name),
  );
  if (sql.length > storageLimits.statementBytesMax / 2) {
    throw new StorageError("STORE_PARAM", `a statement of ${sql.length} characters is too long`);
  }
  return sql;
}

/** The parameters of a statement as a server binds them, checked against the same types. The driver writes lists out itself. */
export function bound(
  statement: Pick<Statement, "sql" | "params">,
): Record<string, string | readonly string[] | readonly number[]> {
  const params: Record<string, string | readonly string[] | readonly number[]> = {};
  for (const [, name = "", type = ""] of statement.sql.matchAll(placeholder)) {
    const value = given(statement, name);
    const text = parameterText(type, value, name);
    params[name] = Array.isArray(value) ? value : text;
  }
  return params;
}

function given(
  statement: Pick<Statement, "params">,
  name: string,
): NonNullable<Statement["params"][string]> {
  const value = Object.hasOwn(statement.params, name) ? statement.params[name] : undefined;
  if (value === undefined) {
    throw new StorageError("STORE_PARAM", `parameter ${name} has no value`);
  }
  return value;
}
