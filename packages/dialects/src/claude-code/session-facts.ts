import type { Capability, FactSink, LogView } from "@custody/model";
import { everything, filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { bypassModes, common, kept, known } from "./fields.ts";
import { lifecycle } from "./lifecycle.ts";

/** What Claude Code is able to say at all. Of its sandbox and of the network it says nothing (agent-telemetry 2.7). */
export const can: readonly Capability[] = [
  "prompt",
  "arguments",
  "results",
  "approvals",
  "identity",
];

/** Every process numbers its events from 0, so whatever event that is marks a start. */
export function isFirst(item: LogView): boolean {
  return item.attributes.integer(common.sequence) === 0;
}

export function sessionStart(item: LogView, sink: FactSink): void {
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "start"),
    ...logEnvelope(item),
    body: present({
      event: "start" as const,
      entrypoint: filled(item.attributes, "app.entrypoint"),
      provider: filled(item.attributes, "anthropic.provider"),
      can,
    }),
    ...contents({ resource: everything(item.resource) }),
  });
}

export function userPrompt(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const prompt = contentOf(attributes.text("prompt") ?? attributes.text("prompt_text"), "missing");
  sink.fact({
    class: "turn",
    key: eventKey(item, "turn", "start"),
    ...logEnvelope(item),
    body: present({
      event: "start" as const,
      prompt_bytes: whole(attributes, "prompt_length"),
      prompt_state: prompt.state,
    }),
    ...present({ attrs: listed(attributes, kept.prompt) }),
    ...contents({ prompt: prompt.text, attributes: unlisted(item, known) }),
  });
  return "done";
}

export function permissionModeChanged(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const mode = filled(attributes, "to_mode");
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "mode_change"),
    ...logEnvelope(item),
    body: present({ event: "mode_change" as const, approval_mode: mode, flags: flagsOf(mode) }),
    ...present({ attrs: listed(attributes, ["from_mode", "trigger"]) }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}

/** The mode in force shows on decisions alone: without a change event, this is how a session's mode is known. */
export function modeInForce(item: LogView, sink: FactSink): void {
  const mode = filled(item.attributes, "permission_mode");
  if (mode === undefined) return;
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "mode"),
    ...logEnvelope(item),
    body: present({ event: "seen" as const, approval_mode: mode, flags: flagsOf(mode) }),
  });
}

function flagsOf(mode: string | undefined): readonly string[] | undefined {
  return mode !== undefined && bypassModes.has(mode) ? [mode] : undefined;
}

/** Events that are about the session as a whole: kept with their listed attributes, the rest of them as content. */
export function lifecycleEvent(
  item: LogView,
  name: keyof typeof lifecycle,
  sink: FactSink,
): "done" {
  const { attributes } = item;
  const names: readonly string[] = lifecycle[name];
  const server = filled(attributes, "server_name");
  sink.fact({
    class: "session",
    key: eventKey(item, "session", name),
    ...logEnvelope(item),
    body: present({
      event: "seen" as const,
      mcp_servers: server === undefined ? undefined : [server],
    }),
    attrs: { event: name, ...listed(attributes, names) },
    ...contents({ attributes: unlisted(item, lifecycleKnown(names)) }),
  });
  return "done";
}

const alwaysKnown: readonly string[] = [
  ...Object.values(common),
  "terminal.type",
  "anthropic.provider",
  "anthropic.custom_base_url",
  "app.entrypoint",
];

function lifecycleKnown(names: readonly string[]): ReadonlySet<string> {
  return new Set([...alwaysKnown, ...names]);
}
