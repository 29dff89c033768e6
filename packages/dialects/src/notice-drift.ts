import type {
  Dialect,
  Drift,
  DriftKind,
  Expectation,
  ItemSink,
  Sender,
  SignalView,
} from "@custody/model";
import { filled } from "./attributes.ts";

/**
 * Says how an item that a dialect claimed strays from what the dialect was written against. It runs for every item, so it asks no more
 * than the table lists, and makes nothing where nothing strays.
 */
export function noticeDrift(
  { name, expects }: Dialect,
  item: SignalView,
  read: "done" | "opaque",
  sink: ItemSink,
): void {
  if (expects === undefined) {
    if (read === "opaque") sink.drift(stray(anySender(item, name), "unknown_event", nameOf(item)));
    return;
  }
  const { versions } = expects;
  if (versions !== undefined) {
    const sender = expects.sender(item);
    if (!isSeen(sender.version, versions)) sink.drift(stray(sender, "version_unseen", ""));
  }
  const event = expects.eventOf(item);
  const listed = event === undefined ? undefined : expects.attributes.get(event);
  const isWhole = listed === undefined || !noticeMissing(item, expects, event ?? "", listed, sink);
  if (read === "done" || !isWhole) return;
  const kind = listed === undefined ? "unknown_event" : "unreadable_event";
  sink.drift(stray(expects.sender(item), kind, event ?? nameOf(item)));
}

/** An item that no dialect claimed, under the name of the service that sent it. */
export function noticeUnclaimed(item: SignalView, sink: ItemSink): void {
  sink.drift(stray(anySender(item, "unknown"), "unclaimed", nameOf(item)));
}

function stray(sender: Sender, kind: DriftKind, name: string): Drift {
  return { agent: sender.agent, version: sender.version, kind, name };
}

/** Whole versions, or everything under a prefix that ends in a dot. */
function isSeen(version: string | undefined, versions: readonly string[]): boolean {
  if (version === undefined) return false;
  for (const seen of versions) {
    if (seen.endsWith(".") ? version.startsWith(seen) : version === seen) return true;
  }
  return false;
}

/** Reports each listed attribute that is not there; whether any is not. */
function noticeMissing(
  item: SignalView,
  expects: Expectation,
  event: string,
  listed: readonly string[],
  sink: ItemSink,
): boolean {
  let isMissing = false;
  for (const name of listed) {
    if (item.attributes.has(name)) continue;
    isMissing = true;
    sink.drift(stray(expects.sender(item), "attribute_missing", `${event}/${name}`));
  }
  return isMissing;
}

function anySender({ resource }: SignalView, otherwise: string): Sender {
  return {
    agent: filled(resource, "service.name") ?? otherwise,
    version: filled(resource, "service.version"),
  };
}

/** The name an item goes by, whoever sent it; a nameless one goes by its signal. */
function nameOf(item: SignalView): string {
  const name =
    item.signal === "log" ? (item.attributes.text("event.name") ?? item.eventName) : item.name;
  return name === "" ? item.signal : name;
}
