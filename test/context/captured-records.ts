import { hash } from "node:crypto";
import { describeCall, joinEgress } from "@custody/context";
import {
  type LedgerRecord,
  type PlacedRecord,
  recordIdText,
  recordVersion,
  shiftMillis,
} from "@custody/model";
import type { CapturedAgent } from "../captures/captured-agents.ts";
import {
  type CapturedBody,
  capturedBodies,
  itemsOf,
  type Named,
  tell,
} from "../captures/captured-items.ts";
import { agentAuth, internalAuth } from "../support/placed-record.ts";

const sha = (text: string): string => hash("sha256", text, "hex");
const received = "2026-11-23T09:00:00.000000000Z";

/** Each body is heard a second after the one before. */
interface HeardFact extends Named {
  readonly rx: string;
}

/** Stands in for a fact without a key: what it says, and which time it was said. */
function occurrences(): (fact: Named["fact"]) => readonly string[] {
  const seen = new Map<string, number>();
  return (fact) => {
    if (fact.key !== undefined) return fact.key;
    const text = sha(JSON.stringify(fact));
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return [text, String(count)];
  };
}

/** Takes the arguments of a call, by the id of the record that told them. */
type ArgumentsSink = (record: string, text: string) => void;

function placedFacts(
  named: readonly HeardFact[],
  heard: ArgumentsSink = () => undefined,
): readonly PlacedRecord[] {
  const keyOf = occurrences();
  const known = new Set<string>();
  return named.flatMap(({ dialect, fact, rx }, leaf) => {
    const { class: name, body, ts, inferred } = fact;
    const key = [name, ...keyOf(fact)];
    const id = sha(recordIdText("acme", agentAuth.subject, dialect, key)).slice(0, 32);
    if (known.has(id)) return [];
    known.add(id);
    if (fact.content?.["arguments"]) heard(id, fact.content["arguments"]);
    const said =
      (fact.class === "tool_call" || fact.class === "decision") && fact.content?.["arguments"]
        ? describeCall(fact.body.tool, fact.body.kind, fact.content["arguments"])
        : {};
    const { session, turn, call, trace, span, parent, end, vantage, agent } = fact;
    const record = {
      v: recordVersion,
      id,
      class: name,
      tenant: "acme",
      ts: ts ?? received,
      rx,
      src: { id: agentAuth.subject, epoch: "", auth: agentAuth },
      nonce: "",
      grade: inferred ? "inferred" : "reported",
      dialect: { name: dialect, version: "1" },
      body: { ...body, ...said },
      ...Object.fromEntries(
        Object.entries({
          session,
          turn,
          call,
          trace,
          span,
          parent,
          end,
          vantage,
          agent,
          attrs: attributesOf(fact),
        }).filter(([, value]) => value !== undefined),
      ),
    } as unknown as LedgerRecord;
    return [{ ledger: "l", leaf, sha: sha(JSON.stringify(record)), record }];
  });
}

/** Listed attributes, and the claims under their own name: of a person a pseudonym. */
function attributesOf({ attrs, claimed }: Named["fact"]): Readonly<Record<string, string>> {
  const claims = Object.entries(claimed ?? {}).map(([name, text]) => [
    `claimed.${name}`,
    /user|email|account/.test(name) ? `usr_${sha(text).slice(0, 16)}` : text,
  ]);
  return { ...attrs, ...Object.fromEntries(claims) };
}

/** The records of a capture as one agent's key delivered them, with the links that a join of all of them makes. */
export function capturedRecords(
  agent: CapturedAgent,
  scenario: string,
  signals: readonly CapturedBody["signal"][] = ["traces", "logs", "metrics"],
  heard?: ArgumentsSink,
): readonly PlacedRecord[] {
  const bodies = capturedBodies(agent, scenario).filter(({ signal }) => signals.includes(signal));
  const facts = bodies.flatMap((body, nth) => {
    const rx = shiftMillis(received, nth * 1_000);
    return tell(itemsOf(body)).facts.map((named) => ({ ...named, rx }));
  });
  const records = placedFacts(facts, heard);
  const links = joinEgress({ egress: records, calls: records }).map((link): PlacedRecord => {
    const id = sha(JSON.stringify(link.key)).slice(0, 32);
    const record = {
      ...records[0]?.record,
      ...link,
      id,
      src: { id: "custody", epoch: "", auth: internalAuth },
      grade: "derived",
    } as unknown as LedgerRecord;
    return { ledger: "l", leaf: 0, sha: id, record };
  });
  return [...records, ...links];
}
