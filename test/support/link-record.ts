import { createHash } from "node:crypto";
import type { LinkFact } from "@custody/context";
import type { PlacedRecord } from "@custody/model";
import { internalAuth, placed } from "./placed-record.ts";

/** A link as a ledger would hold it. */
export function linkRecord(link: LinkFact): PlacedRecord {
  const made = placed("link", 0, link.body, {
    auth: internalAuth,
    id: createHash("sha256").update(JSON.stringify(link.key)).digest("hex").slice(0, 32),
    grade: "derived",
    ts: link.ts,
    session: link.session,
    ...(link.call === undefined ? {} : { call: link.call }),
    ...(link.trace === undefined ? {} : { trace: link.trace }),
  });
  if (link.session !== "") return made;
  const { session: _none, ...record } = made.record;
  return { ...made, record };
}
