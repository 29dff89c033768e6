import type { CustodyProcess } from "./custody-process.ts";
import { ask } from "./http.ts";

export type Schema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
      }
    >
  >;
}

export interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, Schema>>;
  };
}

export async function openApiOf(custody: CustodyProcess): Promise<Document> {
  const { status, json } = await ask(custody.api, "GET", "/openapi.json");
  if (status !== 200) throw new Error(`/openapi.json: ${status}`);
  return json as Document;
}

export interface Called {
  readonly method: string;
  /** As the document has it. */
  readonly template: string;
  /** With something in place of every parameter. */
  readonly path: string;
  readonly body: unknown;
  readonly operation: Operation;
}

const filling: Readonly<Record<string, string>> = {
  id: "0123456789abcdef0123456789abcdef",
  trace_id: "0123456789abcdef0123456789abcdef",
  origin: "custody.local%2Fdefault%2F0",
  path: "checkpoint",
};

/** Every operation of the document with its path filled in by `values`, else by things that are not there. */
export async function operationsOf(
  custody: CustodyProcess,
  values: Readonly<Record<string, string>> = {},
): Promise<readonly Called[]> {
  const { paths } = await openApiOf(custody);
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      path: template.replaceAll(
        /\{([a-z_]+)\}/g,
        (_all, name: string) => values[name] ?? filling[name] ?? "x",
      ),
      body: operation.requestBody === undefined ? undefined : {},
      operation,
    })),
  );
}
