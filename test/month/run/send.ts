import { type Delivery, sourceOf } from "../speech/deliver.ts";
import { wireArguments, wireTool } from "../world/wire-words.ts";
import type { Merge, Ruling } from "../world/world.ts";
import { digestOf, keyText, type Live } from "./live.ts";
import { mergeAtDoor } from "./receive.ts";

interface Wire {
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly body: string;
}

/** Requests of one moment go out together, as they do: so many at most, of so much time. */
const together = 16;
const momentMs = 300_000;

/** Sends everything through the doors, each request at its time. */
export async function sendAll(live: Live, deliveries: readonly Delivery[]): Promise<void> {
  const sent = deliveries.filter(({ door }) => door.name !== "notices");
  for (const ruling of sent.filter(({ door }) => door.name === "policies")) {
    live.moveTo(ruling.at);
    await rule(live, JSON.parse(ruling.body) as Ruling);
  }
  const rest = sent.filter(({ door }) => door.name !== "policies");
  for (const some of rounds(rest)) {
    live.moveTo(some.at(-1)?.at ?? 0);
    await Promise.all(
      some.map(({ key, ...delivery }) => {
        const { observes, ...auth } = key;
        const bearer = auth.method === "none" ? undefined : keyText(auth as never, observes);
        return inject(live, wireOf(live, { key, ...delivery }), bearer);
      }),
    );
  }
  await live.settled();
}

/** What goes out together: of one source one request at most, so that its next is heard later. */
function rounds(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const all: Delivery[][] = [];
  const sources = new Set<string>();
  for (const delivery of deliveries) {
    const source = sourceOf(delivery);
    const open = all.at(-1);
    const first = open?.[0];
    const isOver = first === undefined || delivery.at - first.at > momentMs;
    if (isOver || open === undefined || open.length >= together || sources.has(source)) {
      all.push([delivery]);
      sources.clear();
    } else open.push(delivery);
    sources.add(source);
  }
  return all;
}

async function rule(live: Live, ruling: Ruling): Promise<void> {
  const { kind, name, version, author, approver, document } = ruling;
  const url = `/v1/policies/${kind}/${name}`;
  const key = (subject: string): string =>
    keyText({ method: "bearer", kind: "authority", subject });
  await inject(live, { method: "PUT", url, body: JSON.stringify({ document }) }, key(author));
  const approval = { method: "POST", url: `${url}/${version}/approve`, body: "{}" } as const;
  await inject(live, approval, key(approver));
}

async function inject(live: Live, { method, url, body }: Wire, key?: string): Promise<void> {
  const headers = {
    host: "localhost",
    "content-type": url.startsWith("/v1/egress") ? "text/plain" : "application/json",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const answer = await live.collector.app.inject({ method, url, headers, payload: body });
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
}

function wireOf(live: Live, { door, body }: Delivery): Wire {
  switch (door.name) {
    case "egress":
      return { method: "POST", url: `/v1/egress/${door.source}`, body };
    case "sandboxes":
      return { method: "PUT", url: `/v1/sandboxes/${door.sandbox}`, body };
    case "violations":
      return { method: "POST", url: `/v1/sandboxes/${door.sandbox}/violations`, body };
    case "changes": {
      const merge = JSON.parse(body) as Merge["body"] & { readonly session: string };
      return { method: "POST", url: "/v1/changes", body: JSON.stringify(mergeAtDoor(merge)) };
    }
    case "approvals": {
      const { digestOf: act, seat } = door;
      if (act === undefined) return { method: "POST", url: "/v1/approvals", body };
      const said = JSON.parse(body) as object;
      const action_digest = digestOf(live.ledger).action(
        wireTool(seat, act),
        wireArguments(seat, act),
      );
      return {
        method: "POST",
        url: "/v1/approvals",
        body: JSON.stringify({ ...said, action_digest }),
      };
    }
    default:
      return { method: "POST", url: `/v1/${door.name}`, body };
  }
}
