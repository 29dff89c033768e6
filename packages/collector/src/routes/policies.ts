import { hash } from "node:crypto";
import { policyDocument } from "@custody/context";
import {
  type Body,
  type PolicyKind,
  type Principal,
  policyKinds,
  timeFromText,
} from "@custody/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CollectorContext } from "../context.ts";
import { Refusal } from "../errors.ts";
import { jsonBody } from "../plugins/json-body.ts";
import { parsed } from "../plugins/parsed.ts";
import { type PolicyVersion, versionOf } from "../policy-register.ts";
import { refuseUnlessCommitted } from "../verdict.ts";

const names = z.strictObject({
  kind: z.enum(policyKinds),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
});
const versionNames = names.extend({ version: z.coerce.number().int().positive() });
const proposal = z.strictObject({
  document: z.record(z.string(), z.unknown()),
  effective_from: z.string().optional(),
  effective_to: z.string().optional(),
  change_ref: z.string().max(256).optional(),
});

/** Policies are records: proposed by one person, approved by another, in force from when we heard the approval. */
export function routePolicies(app: FastifyInstance, context: CollectorContext): void {
  const { doors, policies } = context;
  app.put("/v1/policies/:kind/:name", async (request, reply) => {
    const principal = doors.admit(request, ["authority"], false);
    const { kind, name } = parsed(names, request.params, "path");
    const input = parsed(proposal, jsonBody(request), "body");
    const version = await policies.exclusively(principal.tenant, async (book) => {
      const { document, digest } = checkedDocument(kind, input.document);
      const stated = times(input, document, context.ports.clock.now());
      const versions = book.versions(kind, name);
      const last = versions.at(-1);
      // The same text for the same time again is the same version: a repeated request changes nothing.
      if (last !== undefined && isSame(last, { digest, ...stated })) return last;
      const body: Body<"policy"> = {
        event: "proposed",
        kind,
        name,
        version: (last?.version ?? 0) + 1,
        digest,
        author: principal.auth.subject,
        document,
        ...stated,
        ...(input.change_ref === undefined ? {} : { change_ref: input.change_ref }),
      };
      await write(context, principal, body);
      book.note(versionOf(body));
      return versionOf(body);
    });
    return reply.send({ version: version.version, digest: version.digest });
  });
  app.post("/v1/policies/:kind/:name/:version/approve", async (request, reply) => {
    const principal = doors.admit(request, ["authority"], false);
    const { kind, name, version } = parsed(versionNames, request.params, "path");
    const approved = await policies.exclusively(principal.tenant, async (book) => {
      const versions = book.versions(kind, name);
      const found = versions.find((known) => known.version === version);
      const last = versions.at(-1);
      if (found !== undefined) checkStanding(found, last, context.ports.clock.now());
      return approve(context, principal, found, (done) => book.note(done));
    });
    return reply.send({ version: approved.version, digest: approved.digest });
  });
}

/** Two keys of one subject are one person: whoever proposed a version cannot approve it. */
async function approve(
  context: CollectorContext,
  principal: Principal,
  found: PolicyVersion | undefined,
  note: (version: PolicyVersion) => void,
): Promise<PolicyVersion> {
  if (found === undefined) throw new Refusal("not-found", "no such version was proposed");
  if (found.approver !== undefined) return found;
  if (found.author === principal.auth.subject) {
    throw new Refusal("two-person", "the person who proposed a version cannot approve it");
  }
  const { kind, name, version, digest, author } = found;
  const approver = principal.auth.subject;
  await write(context, principal, {
    event: "approved",
    kind,
    name,
    version,
    digest,
    author,
    approver,
  });
  note({ ...found, approver });
  return { ...found, approver };
}

interface Accounted {
  readonly about?: { readonly expires?: string } | undefined;
}

function checkedDocument(
  kind: PolicyKind,
  json: unknown,
): { document: Readonly<Record<string, unknown>> & Accounted; digest: string } {
  const checked = policyDocument(kind, json);
  if (checked.outcome === "invalid") {
    throw new Refusal("malformed", "the document is not a policy of this kind", {
      fields: { problems: checked.problems },
    });
  }
  return { document: checked.document, digest: hash("sha256", checked.digestText, "hex") };
}

type Times = Pick<Body<"policy">, "effective_from" | "effective_to">;

/** What a proposal states of its time. A document that says when it expires ends then at the latest. */
function times(input: z.infer<typeof proposal>, { about }: Accounted, now: string): Times {
  const from = timeOf("effective_from", input.effective_from);
  const expires = timeOf("document.about.expires", about?.expires);
  const stated = timeOf("effective_to", input.effective_to);
  if (stated !== undefined && expires !== undefined && stated > expires) {
    throw new Refusal("malformed", "effective_to is later than the document says it expires");
  }
  const to = stated ?? expires;
  if (to !== undefined && to <= (from ?? now)) {
    throw new Refusal("malformed", "the version would end before it could begin");
  }
  return {
    ...(from === undefined ? {} : { effective_from: from }),
    ...(to === undefined ? {} : { effective_to: to }),
  };
}

function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = timeFromText(text);
  if (time === undefined) throw new Refusal("malformed", `${name} is not an RFC 3339 time`);
  return time;
}

function isSame(known: PolicyVersion, said: Times & { readonly digest: string }): boolean {
  return (
    known.digest === said.digest &&
    known.effective_from === said.effective_from &&
    known.effective_to === said.effective_to
  );
}

/** What nobody may approve any more: a newer text stands beside it, or its time is over. */
function checkStanding(found: PolicyVersion, last: PolicyVersion | undefined, now: string): void {
  if (found.approver !== undefined) return;
  if (last !== undefined && last.version > found.version) {
    throw new Refusal("conflict", `version ${last.version} was proposed since; approve that one`);
  }
  if (found.effective_to !== undefined && found.effective_to <= now) {
    throw new Refusal("conflict", "the version's time is over; propose it again with another end");
  }
}

async function write(
  { river, meters }: CollectorContext,
  principal: Principal,
  body: Body<"policy">,
): Promise<void> {
  const key = [body.event, body.kind, body.name, String(body.version)];
  const fact = { class: "policy", key, body } as const;
  const delivered = await river.facts(principal, [{ dialect: "custody-api", fact }]);
  meters.received(1, principal);
  refuseUnlessCommitted(delivered.verdict, meters);
}
