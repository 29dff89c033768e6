/** Names of one tenant that are remembered at once: those not heard of for longest are forgotten first. */
const recentNamesMax = 50_000;

/** Names that were seen a short while ago, by tenant. What is forgotten here, a start finds again. */
export interface RecentNames {
  add(tenant: string, name: string): void;
  has(tenant: string, name: string): boolean;
  all(tenant: string): readonly string[];
}

export function createRecentNames(max: number = recentNamesMax): RecentNames {
  const byTenant = new Map<string, Set<string>>();
  return {
    add(tenant, name) {
      const names = byTenant.get(tenant) ?? new Set();
      byTenant.set(tenant, names);
      names.delete(name);
      names.add(name);
      const [oldest] = names;
      if (names.size > max && oldest !== undefined) names.delete(oldest);
    },
    has: (tenant, name) => byTenant.get(tenant)?.has(name) === true,
    all: (tenant) => [...(byTenant.get(tenant) ?? [])],
  };
}
