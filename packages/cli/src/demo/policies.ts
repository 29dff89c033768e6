/** The policies of the demo, as its two authorities publish them. */
export const demoPolicies = {
  /** Deny by default; one host, by the name the proxy knows it under. */
  egress: {
    default: "deny",
    rules: [{ id: "packages.example", host: "packages.example", ports: [80, 443] }],
  },
  /** The network is judged by the proxy, flow by flow; what a person must agree to is publishing and installing. */
  tiers: {
    rules: [
      { label: "risk:read_only", tier: 0 },
      { label: "kind:net", tier: 1 },
      { label: "risk:network", tier: 1 },
      { label: "risk:vcs_push", tier: 2 },
      { label: "risk:package_install", tier: 2 },
      { label: "risk:destructive", tier: 3 },
    ],
    default: 1,
  },
  /** The one profile agents may run in; the digest is of the configuration that the launcher applies. */
  sandbox: (configDigest: string) => ({
    profiles: [{ name: "demo-workspace", config_digest: configDigest, mode: "workspace-write" }],
  }),
} as const;

/** The effective configuration that the demo's launcher applies to the agent's process, and attests. */
export const demoConfinement = {
  filesystem: { write: ["$WORKSPACE"] },
  network: { proxy_only: true },
  user: "agent",
} as const;
