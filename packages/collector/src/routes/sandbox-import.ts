import { hash } from "node:crypto";
import {
  confinementText,
  readSandboxes,
  type SandboxSourceName,
  sandboxSources,
} from "@custody/context";
import type { Fact } from "@custody/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CollectorContext } from "../context.ts";
import type { NamedFact } from "../pipeline/normalise.ts";
import { parsed } from "../plugins/parsed.ts";
import { type Line, receiveLines } from "./receive-lines.ts";

const importQuery = z.strictObject({
  source: z.enum(sandboxSources).optional(),
  /** Of lines that do not name it themselves. */
  sandbox: z.string().min(1).max(256).optional(),
});

/** Containers, pods and micro machines in their runtime's own words, under the key of who runs them. */
export function routeSandboxImport(app: FastifyInstance, context: CollectorContext): void {
  app.post("/v1/import/sandbox-runtime", (request, reply) =>
    receiveLines(request, reply, context, (text) =>
      runtimeLines(text, parsed(importQuery, request.query, "query")),
    ),
  );
}

function* runtimeLines(text: string, query: z.output<typeof importQuery>): Generator<Line> {
  for (const { line, source, reading } of readSandboxes(text, query)) {
    switch (reading.outcome) {
      case "told": {
        const facts = reading.facts.map((fact) => named(source ?? "docker", digested(fact)));
        yield { line, reading: { outcome: "told", facts } };
        break;
      }
      case "other":
        yield { line, reading: { outcome: "other", name: `${source ?? ""}/${reading.name}` } };
        break;
      case "invalid":
        yield { line, reading };
    }
  }
}

function named(dialect: SandboxSourceName, fact: Fact<"sandbox">): NamedFact {
  return { dialect, fact };
}

/** A configuration without a digest of its runtime's own gets one here, so that it can be approved, and a change shows. */
function digested(fact: Fact<"sandbox">): Fact<"sandbox"> {
  const text = fact.body.config_digest === undefined ? confinementText(fact.body) : undefined;
  if (text === undefined) return fact;
  return { ...fact, body: { ...fact.body, config_digest: hash("sha256", text, "hex") } };
}
