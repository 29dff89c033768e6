import type { PolicyKind } from "@custody/model";
import { limits } from "@custody/model";
import { type Asked, ask, type FoundRecord, found } from "./ask.ts";

/** Per policy, the records of its newest approved version and of everything proposed after it. */
export async function latestPolicies(
  asked: Asked,
  kind?: PolicyKind,
): Promise<readonly FoundRecord[]> {
  return policies(asked, "policies-latest", kind);
}

/** Every policy record of a tenant, by kind, name and version: what was in force at any time. */
export async function policyRecords(
  asked: Asked,
  kind?: PolicyKind,
): Promise<readonly FoundRecord[]> {
  return policies(asked, "policies", kind);
}

async function policies(
  asked: Asked,
  name: string,
  kind: PolicyKind | undefined,
): Promise<readonly FoundRecord[]> {
  const rows = await ask(asked, name, { kind: kind ?? "", limit: limits.pageItemsMax * 10 });
  return rows.map(found);
}
