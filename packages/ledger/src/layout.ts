import { join } from "node:path";
import { LedgerError } from "./errors.ts";

const tenantName = /^[a-z0-9][a-z0-9-]{0,62}$/;
const deploymentName = /^[a-z0-9]([a-z0-9.-]{0,126}[a-z0-9])?$/;

/** A tenant's name becomes a folder and part of an origin: it is checked here, and only here. */
export function assertTenant(tenant: string): void {
  if (!isTenant(tenant)) throw new LedgerError("TENANT_NAME", "not a tenant name");
}

export function isTenant(tenant: string): boolean {
  return tenantName.test(tenant);
}

export function assertDeployment(name: string): void {
  if (!deploymentName.test(name)) {
    throw new LedgerError("DEPLOYMENT_NAME", "a deployment is named like a domain");
  }
}

/** Where the files of one tenant lie. */
export interface TenantLayout {
  readonly folder: string;
  /** The tenant's HMAC key. */
  readonly key: string;
  readonly ledgers: string;
}

export function tenantsFolder(dataDir: string): string {
  return join(dataDir, "tenants");
}

export function tenantLayout(dataDir: string, tenant: string): TenantLayout {
  assertTenant(tenant);
  const folder = join(tenantsFolder(dataDir), tenant);
  return { folder, key: join(folder, "key"), ledgers: join(folder, "ledgers") };
}

/** Where the files of one ledger lie. */
export interface LedgerLayout {
  readonly folder: string;
  readonly identity: string;
  readonly state: string;
  readonly journal: string;
  /** Batch files that could not be continued: kept for a person to look at, never read again. */
  readonly quarantine: string;
  readonly checkpoint: string;
  readonly checkpoints: string;
}

export function ledgerLayout(ledgersFolder: string, number: number): LedgerLayout {
  const folder = join(ledgersFolder, String(number));
  return {
    folder,
    identity: join(folder, "identity.json"),
    state: join(folder, "state.json"),
    journal: join(folder, "journal"),
    quarantine: join(folder, "quarantine"),
    checkpoint: join(folder, "checkpoint"),
    checkpoints: join(folder, "checkpoints"),
  };
}

/** `checkpoints/<size padded to 20>.note`: names sort as sizes do. */
export function checkpointName(size: number): string {
  return `${String(size).padStart(20, "0")}.note`;
}
