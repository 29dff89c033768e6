import type { CapturedAgent } from "../captures/captured-agents.ts";
import { expectedTruths } from "../captures/truth.ts";
import type { CapturedRequest } from "./captures.ts";
import { type LooseItem, looseItems, requestOf } from "./rebatch.ts";

/** Attributes of a log record, by name. */
export type Attributes = Readonly<Record<string, string>>;

/** Changes one log record: answers the attributes to say otherwise. */
export type Change = (attributes: Attributes) => Attributes;

/** The log records of a captured session, told again under another session id, so that each test has a session of its own. */
export interface Variant {
  readonly session: string;
  /** The true records, or those that `change` makes of them. `only` keeps some. */
  request(change?: Change, only?: (attributes: Attributes) => boolean): CapturedRequest;
}

let made = 0;

export function variantOf(agent: CapturedAgent, scenario: string): Variant {
  const captured = expectedTruths(agent)[scenario]?.session;
  if (captured === undefined) throw new Error(`${agent} ${scenario} names no session`);
  const items = looseItems(agent, scenario).filter(({ signal }) => signal === "logs");
  made++;
  const session = `${captured.slice(0, -6)}${String(made).padStart(6, "0")}`;
  return {
    session,
    request: (change, only) => {
      const kept = items.filter(({ item }) => only?.(attributesOf(item)) ?? true);
      const { body, ...request } = requestOf(kept.map((one) => changed(one, change)));
      return { ...request, body: Buffer.from(body.toString().replaceAll(captured, session)) };
    },
  };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function attributesOf(item: LooseItem["item"]): Attributes {
  const attributes = (item["attributes"] ?? []) as readonly Attribute[];
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]),
  );
}

function changed(one: LooseItem, change: Change | undefined): LooseItem {
  if (change === undefined) return one;
  const said = change(attributesOf(one.item));
  const attributes = ((one.item["attributes"] ?? []) as readonly Attribute[]).map(
    ({ key, value }) => {
      const [kind = "stringValue"] = Object.keys(value);
      return { key, value: said[key] === String(value[kind]) ? value : { [kind]: said[key] } };
    },
  );
  const added = Object.keys(said)
    .filter((key) => !attributes.some((attribute) => attribute.key === key))
    .map((key) => ({ key, value: { stringValue: said[key] } }));
  return { ...one, item: { ...one.item, attributes: [...attributes, ...added] } };
}
