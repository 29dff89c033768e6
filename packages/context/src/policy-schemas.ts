import { approvers, type PolicyKind, scopes, timeFromText, toolKinds } from "@custody/model";
import { z } from "zod";
import { hostName } from "./host-name.ts";
import type { PolicyDocuments, Tier } from "./policy-shape.ts";
import { riskWords } from "./risk-table.ts";

const itemsMax = 2_000;
const name = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "not 64 lower-case hex characters");
const tier: z.ZodType<Tier> = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const time = z.string().refine((text) => timeFromText(text) !== undefined, "not an RFC 3339 time");

/** Two entries with one identity would make the answer depend on their order. */
function distinct<T>(item: z.ZodType<T>, identity: (value: T) => string): z.ZodType<T[]> {
  return z
    .array(item)
    .max(itemsMax)
    .refine((list) => new Set(list.map(identity)).size === list.length, "an entry stands twice");
}

/** A star under a single label is every site of a top-level domain. */
function isTooBroad(text: string): boolean {
  return text.startsWith("*.") && !text.slice(2).includes(".");
}

const hostPattern = z
  .string()
  .refine(
    (text) =>
      text === text.toLowerCase() &&
      hostName(text.replace(/^\*\./, ""), true) !== undefined &&
      !isTooBroad(text),
    "not a lower-case host name, nor `*.` and a name of two labels or more",
  );
/** What may stand beside every document. */
const about = {
  about: z
    .strictObject({ owner: name, reason: z.string().min(1).max(1_000), dated: time, expires: time })
    .optional(),
};
const port = z.int().min(1).max(65_535);

/** Labels that no call ever carries are refused: such a rule would look like a control and do nothing. */
const knownRiskLabels: readonly string[] = [...riskWords, "network_listed", "unknown"];
const label = z.string().refine((text) => {
  const colon = text.indexOf(":");
  const [kind, value] = [text.slice(0, colon), text.slice(colon + 1)];
  if (kind === "kind") return (toolKinds as readonly string[]).includes(value);
  if (kind === "risk") return knownRiskLabels.includes(value);
  return kind === "tool" && value.length > 0 && value.length <= 200;
}, "not kind:<kind>, risk:<word> or tool:<name>");

export const policySchemas: { readonly [K in PolicyKind]: z.ZodType<PolicyDocuments[K]> } = {
  egress: z.strictObject({
    ...about,
    default: z.literal("deny"),
    rules: distinct(
      z.strictObject({
        id: name,
        host: hostPattern,
        ports: z.array(port).min(1).max(64),
        purpose: z.literal("agent").optional(),
      }),
      ({ id }) => id,
    ),
  }),
  approval: z.strictObject({
    ...about,
    requirements: distinct(
      z.strictObject({
        tier,
        by: z.array(z.enum(approvers)).min(1).max(approvers.length),
        scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
        four_eyes: z.boolean().optional(),
      }),
      (item) => String(item.tier),
    ),
  }),
  sandbox: z.strictObject({
    ...about,
    profiles: distinct(
      z.strictObject({
        name,
        config_digest: sha256,
        mode: name.optional(),
        backend: name.optional(),
        network: name.optional(),
      }),
      (item) => `${item.name} ${item.config_digest}`,
    ),
  }),
  roles: z.strictObject({
    ...about,
    roles: distinct(
      z.strictObject({
        role: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
        members: z.array(name).max(itemsMax),
      }),
      ({ role }) => role,
    ),
  }),
  principals: z.strictObject({
    ...about,
    principals: distinct(
      z.strictObject({
        id: name,
        type: z.enum(["human", "service"]),
        shared: z.boolean().optional(),
      }),
      ({ id }) => id,
    ),
  }),
  tiers: z.strictObject({
    ...about,
    rules: distinct(z.strictObject({ label, tier }), (rule) => rule.label),
    default: tier,
  }),
  agents: z.strictObject({
    ...about,
    agents: distinct(
      z.strictObject({ name, versions: z.array(name).min(1).max(200) }),
      (agent) => agent.name,
    ),
  }),
  agent_policy: z.strictObject({
    ...about,
    configs: distinct(
      z.strictObject({ digest: sha256, agent: name.optional() }),
      ({ digest }) => digest,
    ),
  }),
  components: z.strictObject({
    ...about,
    components: distinct(
      z.strictObject({
        kind: z.enum(["mcp_server", "plugin", "skill", "hook", "model", "extension", "package"]),
        name,
        version: name.optional(),
        digest: sha256.optional(),
      }),
      (item) => `${item.kind}:${item.name}@${item.version ?? ""}`,
    ),
  }),
  waivers: z.strictObject({
    ...about,
    waivers: distinct(
      z.strictObject({
        control: z.string().regex(/^AT-[A-Z]{2,8}-[0-9]{2}$/, "not a control id such as AT-APR-03"),
        principal: name,
        repo: z.string().min(1).max(500).optional(),
        reason: z.string().min(1).max(1_000),
        expires: time,
      }),
      (item) => `${item.control}/${item.principal}/${item.repo ?? ""}`,
    ),
  }),
};
