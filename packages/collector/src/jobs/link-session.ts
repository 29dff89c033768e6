import type { CollectorPorts, TenantLedger } from "../ports.ts";

export async function linkSession(
  _ports: CollectorPorts,
  _ledger: TenantLedger,
  _tenant: string,
  _session: string,
): Promise<number> {
  return Promise.resolve(0);
}
