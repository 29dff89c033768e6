import { at, hostile, id, type WrittenRecord } from "./scenario.test-suite.ts";
import { day } from "./story.test-suite.ts";

const own = {
  src: {
    id: "custody",
    epoch: "e1",
    auth: { method: "internal", kind: "internal", subject: "custody" },
  },
  dialect: { name: "custody", version: "1" },
  grade: "derived",
};

const drift = (counts: readonly object[]): object => ({
  kind: "drift",
  detail: { subject: "laptop-1", counts },
});

const renamed = {
  agent: "codex",
  version: "0.170.0",
  kind: "unknown_event",
  name: "codex.tool_outcome",
};

/** Two deliveries that strayed, as our own records count them, and one record of the same words that an agent sent itself. */
export const strays: readonly WrittenRecord[] = [
  {
    id: id(901),
    class: "integrity",
    ...own,
    ts: at(day, 1),
    body: drift([
      { ...renamed, count: 2 },
      { ...renamed, kind: "version_unseen", name: "", count: 9 },
    ]),
  },
  {
    id: id(902),
    class: "integrity",
    ...own,
    ts: at(day, 30),
    body: drift([
      { ...renamed, count: 3 },
      { agent: hostile, version: "", kind: "unclaimed", name: hostile, count: 1 },
    ]),
  },
  {
    id: id(903),
    class: "integrity",
    ts: at(day, 31),
    body: drift([{ ...renamed, count: 1_000 }]),
  },
];
