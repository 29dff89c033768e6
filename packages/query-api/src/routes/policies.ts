import { hash } from "node:crypto";
import {
  type PolicyBookEntry,
  type PolicyBookVersion,
  policyBook,
  shippedPolicies,
} from "@custody/context";
import { type Page, policyKinds, timeFromText } from "@custody/model";
import { policyRecords } from "@custody/storage/queries";
import { z } from "zod";
import { pageOf, pageQuery } from "../contract/page.ts";
import {
  type PolicyAnswer,
  policySchema,
  type WholePolicyAnswer,
  wholePolicySchema,
} from "../contract/policy.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Call, type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";

const kind = z.enum(policyKinds);
const name = z.string().min(1).max(64);
const listQuery = pageQuery.pick({ limit: true, cursor: true }).extend({
  kind: kind.optional(),
  name: name.optional(),
  in_force_at: z.string().max(40).optional(),
});
const names = z.object({ kind: name, name });

type ListQuery = z.output<typeof listQuery>;

/** Policies as their records tell them, and the defaults that came with the product, marked as such. */
export function policyRoutes(ports: ApiPorts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/policies",
      summary: "Policies with the version in force, shipped defaults marked",
      kinds: readers,
      query: listQuery,
      answer: pageOf(policySchema),
      async handle(call) {
        const query = call.query as ListQuery;
        const at = momentOf(query.in_force_at) ?? ports.clock.now();
        const book = await bookFor(call, ports, at);
        const wanted = book.filter(
          (entry) =>
            (query.kind === undefined || entry.kind === query.kind) &&
            (query.name === undefined || entry.name === query.name),
        );
        const items = wanted.flatMap(answerOf);
        // A moment asks what governed it; without one, what was only proposed is listed too.
        const governing = items.filter(({ in_force }) => in_force !== null);
        const listed = query.in_force_at === undefined ? items : governing;
        return pageAfter(query.cursor, listed, query.limit);
      },
    },
    {
      method: "GET",
      path: "/v1/policies/{kind}/{name}",
      summary:
        "One policy: every version, who proposed and approved it, when it counted, and its text",
      kinds: readers,
      params: names,
      answer: wholePolicySchema,
      async handle(call): Promise<WholePolicyAnswer> {
        const book = await bookFor(call, ports, ports.clock.now());
        const found = book.find(
          (entry) => entry.kind === call.params["kind"] && entry.name === call.params["name"],
        );
        if (found === undefined) throw new Refusal("not-found", "no policy of this kind and name");
        return { ...found, versions: found.versions.map((version) => digested(found, version)) };
      },
    },
  ];
}

/** A page of what is in order of kind and name, behind the one that the cursor names. */
function pageAfter(
  cursor: string | undefined,
  all: readonly PolicyAnswer[],
  limit: number,
): Page<PolicyAnswer> {
  const behind = cursor === undefined ? 0 : all.findIndex((one) => cursorOf(one) === cursor) + 1;
  if (cursor !== undefined && behind === 0)
    throw new Refusal("bad-cursor", "it names no policy of this list");
  const items = all.slice(behind, behind + limit);
  const last = items.at(-1);
  const isLast = behind + limit >= all.length || last === undefined;
  return { items, next: isLast ? null : cursorOf(last) };
}

function cursorOf({ kind, name }: PolicyAnswer): string {
  return `${kind}/${name}`;
}

async function bookFor(
  call: Call,
  { reader }: ApiPorts,
  at: string,
): Promise<readonly PolicyBookEntry[]> {
  return policyBook(await policyRecords(askedFor(call, reader)), at);
}

function momentOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = timeFromText(text);
  if (at === undefined) throw new Refusal("bad-request", "in_force_at is not an RFC 3339 time");
  return at;
}

function answerOf(entry: PolicyBookEntry): readonly PolicyAnswer[] {
  const versions = entry.versions.map((version) => digested(entry, version));
  const newest = versions.at(-1);
  if (newest === undefined) return [];
  const { kind, name, shipped_default } = entry;
  const inForce = versions.find(({ state }) => state === "in_force");
  return [
    {
      kind,
      name,
      shipped_default,
      versions: versions.length,
      in_force: inForce === undefined ? null : withoutText(inForce),
      newest: withoutText(newest),
    },
  ];
}

function withoutText({ document: _, ...version }: PolicyBookVersion): PolicyAnswer["newest"] {
  return version;
}

/** No record states the digest of what came with the product; its text does. */
function digested(
  { kind, shipped_default }: PolicyBookEntry,
  version: PolicyBookVersion,
): PolicyBookVersion {
  if (!shipped_default) return version;
  const text = shippedPolicies.find((one) => one.kind === kind)?.digestText;
  return text === undefined ? version : { ...version, digest: hash("sha256", text, "hex") };
}
