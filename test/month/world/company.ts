import type { Chance } from "./chance.ts";
import { agentKinds, type Ruling, type Seat } from "./world.ts";

export interface Company {
  readonly people: readonly string[];
  readonly leads: readonly string[];
  readonly security: readonly [string, string];
  readonly seats: readonly Seat[];
}

const first =
  "ana bo chidi dara elif femi gita hugo ines jun kofi lena maro nadia omar pia quim rosa sami tala".split(
    " ",
  );
const last =
  "abara berg costa dietz eriksen farah gallo haas ito jansen kruse lindt mora nowak okoye pruitt".split(
    " ",
  );
const repos = [
  "billing",
  "checkout",
  "ledger-core",
  "mobile-app",
  "search",
  "infra",
  "data-jobs",
  "portal",
  "auth-service",
  "docs-site",
  "fleet",
  "notifier",
];

const words = {
  codex: { version: "0.169.0", model: "gpt-5.5" },
  "claude-code": { version: "2.1.330", model: "claude-sonnet-4-5" },
  "gemini-cli": { version: "", model: "gemini-2.5-pro" },
  own: { version: "1.4.2", model: "claude-opus-5" },
  genai: { version: "3.0.1", model: "gpt-5.5-mini" },
} as const;

/** Fourteen of a hundred speak by our own import, sixteen by a library of the conventions, the rest are the three products. */
const shares = [0.34, 0.62, 0.78, 0.9, 1];

export function foundCompany(chance: Chance, agents: number): Company {
  const people = Array.from(
    { length: agents },
    (_, at) =>
      `${first[at % first.length]}.${last[Math.floor(at / first.length) % last.length]}${at >= first.length * last.length ? String(at) : ""}`,
  );
  const leads = people.filter((_, at) => at % 10 === 0);
  const seats = people.map((person, at) => seatOf(chance.part(person), person, at, leads));
  return { people, leads, security: ["noor.security", "tomas.security"], seats };
}

function seatOf(chance: Chance, person: string, at: number, leads: readonly string[]): Seat {
  const drawn = chance.next();
  const kind = agentKinds[shares.findIndex((share) => drawn < share)] ?? "codex";
  const repo = chance.pick(repos);
  const watched = chance.next();
  const headless = at % 25 === 7;
  return {
    id: `seat-${String(at + 1).padStart(3, "0")}`,
    kind,
    person: headless ? `svc-${repo}-${at}` : person,
    lead: leadOf(leads, person, at),
    repo,
    folder: headless ? `/builds/${repo}` : `/home/${person.split(".")[0] ?? "dev"}/${repo}`,
    ...words[kind],
    watcher: watched < 0.55 ? "squid" : watched < 0.92 ? "ndjson" : "smokescreen",
    address: `10.20.${Math.floor(at / 200)}.${(at % 200) + 10}`,
    contained: kind === "claude-code" && chance.chance(0.35),
    withholds: kind === "claude-code" && chance.chance(0.12),
    headless: headless && kind !== "genai",
    skewMs: chance.whole(-1_500, 1_500),
  };
}

/** Nobody is their own lead. */
function leadOf(leads: readonly string[], person: string, at: number): string {
  const own = leads[Math.floor(at / 10)] ?? leads[0] ?? "";
  return own === person ? (leads[(Math.floor(at / 10) + 1) % leads.length] ?? "lead.other") : own;
}

const listed = [
  "registry.npmjs.org",
  "pypi.org",
  "files.pythonhosted.org",
  "github.com",
  "api.github.com",
  "*.githubusercontent.com",
  "api.openai.com",
  "api.anthropic.com",
  "generativelanguage.googleapis.com",
  "docs.python.org",
  "nodejs.org",
  "developer.mozilla.org",
  "static.crates.io",
  "proxy.golang.org",
  "artifacts.corp.example",
  "tracker.corp.example",
  "ci.corp.example",
  "vault.corp.example",
];

/** Confinement that the company approved, by name and digest. */
export const profiles = {
  standard: { name: "standard", config_digest: "5a".repeat(32), mode: "workspace-write" },
  pipeline: { name: "pipeline", config_digest: "c1".repeat(32), mode: "workspace-write" },
} as const;

/** Servers whose tools agents may use. */
const approvedServers = ["tracker", "github", "docs-search"] as const;

/** What the company ruled before the month began. */
export function rulings(company: Company, at: number): readonly Ruling[] {
  const [author, approver] = company.security;
  const ruling = (kind: string, document: Ruling["document"]): Ruling => {
    return { at, kind, name: "company", version: 1, author, approver, document };
  };
  const headless = company.seats.filter((seat) => seat.headless);
  return [
    ruling("egress", {
      default: "deny",
      rules: listed.map((host) => ({ id: host.replace("*.", "any."), host, ports: [443] })),
    }),
    ruling("sandbox", { profiles: Object.values(profiles) }),
    ruling("components", {
      components: approvedServers.map((name) => ({ kind: "mcp_server", name })),
    }),
    principals(company, company.seats, at, 1),
    ruling("roles", {
      roles: [
        { role: "agent-approver-t2", members: [...company.people] },
        { role: "agent-approver-t3", members: [...company.leads] },
        { role: "trace-reader", members: [...company.security, "avery.audit"] },
        { role: "trace-auditor", members: ["avery.audit"] },
      ],
    }),
    ruling("waivers", {
      waivers: headless.map((seat) => ({
        control: "AT-APR-03",
        principal: seat.person,
        reason: "a pipeline in a sandbox of its own, where nobody can be asked",
        expires: "2027-03-31T00:00:00Z",
      })),
    }),
  ];
}

const models: ReadonlySet<string> = new Set([
  "api.openai.com",
  "api.anthropic.com",
  "generativelanguage.googleapis.com",
]);

/** The same list, saying of some hosts that the agents themselves need them, whatever they are at. */
export function modelsNamed({ security }: Company, at: number): Ruling {
  const [author, approver] = security;
  const rules = listed.map((host) => ({
    id: host.replace("*.", "any."),
    host,
    ports: [443],
    ...(models.has(host) ? { purpose: "agent" } : {}),
  }));
  const document = { default: "deny", rules };
  return { at, kind: "egress", name: "company", version: 2, author, approver, document };
}

/** Who works here, and which names several people share. */
function principals(company: Company, seats: readonly Seat[], at: number, version: number): Ruling {
  const [author, approver] = company.security;
  const ids = new Set([...seats.map(({ person }) => person)]);
  return {
    at,
    kind: "principals",
    name: "company",
    version,
    author,
    approver,
    document: {
      principals: [
        ...[...ids].map((id) => ({ id, type: id.startsWith("svc-") ? "service" : "human" })),
        { id: "shared-lab", type: "service", shared: true },
      ],
    },
  };
}
