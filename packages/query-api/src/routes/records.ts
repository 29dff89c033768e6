import { explainRecord } from "@custody/context";
import { recordClasses } from "@custody/model";
import { listRecords, type RecordFilter, recordById } from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { pageOf, pageQuery } from "../contract/page.ts";
import { recordSchema } from "../contract/record.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Call, type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { recordAnswers } from "./record-answer.ts";

const text = z.string().min(1).max(256).optional();
const listQuery = pageQuery.extend({
  class: z.enum(recordClasses).optional(),
  session: text,
  turn: text,
  call: text,
  agent: text,
  principal: text,
  tool: text,
  kind: text,
  status: text,
  verdict: text,
  by: text,
  egress_host: text,
  egress_action: text,
  grade: z.enum(["observed", "reported", "derived", "inferred"]).optional(),
});
const idParams = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hex characters"),
});
/** A proof appears with the next checkpoint, which follows within this many seconds. */
const proofSeconds = 10;

/** Records as they stand in the ledger, their proofs, and what each of them rests on. */
export function recordRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  const found = async (call: Call) => {
    const record = await recordById(askedFor(call, ports.reader), call.params["id"] ?? "");
    if (record === undefined) throw new Refusal("not-found", "no record of this id is stored here");
    return record;
  };
  return [
    {
      method: "GET",
      path: "/v1/records",
      summary: "Records, newest first; application/x-ndjson on request",
      kinds: readers,
      query: listQuery,
      answer: pageOf(recordSchema),
      async handle(call) {
        const asked = askedFor(call, ports.reader);
        const page = await listRecords(asked, call.query as RecordFilter);
        await recordContentRead(access, call, "records", page.items.length);
        const items = await recordAnswers(asked, page.items, call.content);
        if (!wantsLines(call)) return { items, next: page.next };
        call.reply.type("application/x-ndjson");
        if (page.next !== null) call.reply.header("custody-next", page.next);
        return call.reply.send(items.map((item) => `${JSON.stringify(item)}\n`).join(""));
      },
    },
    {
      method: "GET",
      path: "/v1/records/{id}",
      summary: "One record",
      kinds: readers,
      params: idParams,
      answer: recordSchema,
      async handle(call) {
        const record = await found(call);
        await recordContentRead(access, call, `records/${record.record.id}`, 1);
        const [answer] = await recordAnswers(askedFor(call, ports.reader), [record], call.content);
        return answer;
      },
    },
    {
      method: "GET",
      path: "/v1/records/{id}/proof",
      summary: "C2SP tlog-proof of the record: 409 until a checkpoint covers it",
      kinds: readers,
      params: idParams,
      mediaType: "text/plain",
      async handle(call) {
        const { ledger, leaf } = await found(call);
        const proof = await ports.ledgers.proof(call.principal.tenant, ledger, leaf);
        if (proof.outcome === "proof") {
          return call.reply.type("text/plain; charset=utf-8").send(proof.text);
        }
        if (proof.outcome === "absent")
          throw new Refusal("not-found", "this ledger is not kept here");
        throw new Refusal("not-yet", "no checkpoint covers this record yet", {
          retryAfterSeconds: proofSeconds,
        });
      },
    },
    {
      method: "GET",
      path: "/v1/records/{id}/explain",
      summary:
        "Who said it, over which credential, and what would have to be compromised for it to be false",
      kinds: readers,
      params: idParams,
      answer: z.looseObject({}),
      handle: async (call) => explainRecord(await found(call)),
    },
  ];
}

function wantsLines(call: Call): boolean {
  return (call.request.headers.accept ?? "").includes("application/x-ndjson");
}

/** Reading content is recorded before it is answered (contract 3). */
export async function recordContentRead(
  access: AccessLog,
  call: Call,
  object: string,
  rows: number,
): Promise<void> {
  if (!call.content) return;
  await access.before(call.principal, { action: "content", object, result: "ok", rows });
}
