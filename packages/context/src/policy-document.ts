import { canonicalText, ModelError, type PolicyKind } from "@custody/model";
import { contextLimits } from "./limits.ts";
import { policySchemas } from "./policy-schemas.ts";
import type { PolicyDocuments } from "./policy-shape.ts";

export interface PolicyProblem {
  /** Dotted path inside the document; empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

export type PolicyVerdict<K extends PolicyKind = PolicyKind> =
  | {
      readonly outcome: "ok";
      readonly document: PolicyDocuments[K];
      /** The canonical text that the policy's digest is the SHA-256 of. */
      readonly digestText: string;
    }
  | { readonly outcome: "invalid"; readonly problems: readonly PolicyProblem[] };

/** Parses a policy document at the door: strict, so that a misspelt member is a problem and not a rule that silently never applies. */
export function policyDocument<K extends PolicyKind>(kind: K, json: unknown): PolicyVerdict<K> {
  const parsed = policySchemas[kind].safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 50).map(({ path, message }) => ({
      path: path.map(String).join("."),
      message,
    }));
    return { outcome: "invalid", problems };
  }
  return canonicalDocument<K>(parsed.data);
}

function canonicalDocument<K extends PolicyKind>(document: PolicyDocuments[K]): PolicyVerdict<K> {
  try {
    const digestText = canonicalText(document);
    if (digestText.length <= contextLimits.policyDocumentUnitsMax) {
      return { outcome: "ok", document, digestText };
    }
    const message = `longer than ${contextLimits.policyDocumentUnitsMax} characters: split it by name`;
    return { outcome: "invalid", problems: [{ path: "", message }] };
  } catch (cause) {
    if (!(cause instanceof ModelError)) throw cause;
    return { outcome: "invalid", problems: [{ path: "", message: cause.message }] };
  }
}
