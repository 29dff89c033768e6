import type { Capability, FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { bypassModes, claims, common, kept, known, withheldResource } from "./fields.ts";

/** What Gemini CLI is able to say at all. What it says of its sandbox is not true, so it is no capability (agent-telemetry 3). */
const can: readonly Capability[] = ["prompt", "arguments", "results", "approvals", "identity"];

/**
 * `config`: the start of a process and what it was set up with. `sandbox_enabled` is computed from whether a setting exists, and is true
 * in runs without a sandbox, so it is kept as a claim and never as a sandbox.
 */
export function config(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const mode = filled(attributes, "approval_mode");
  const sandbox = filled(attributes, "sandbox_enabled");
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "start"),
    ...envelope,
    body: present({
      event: "start" as const,
      approval_mode: mode,
      flags: flagsOf(mode),
      mcp_servers: namesOf(filled(attributes, "mcp_servers")),
      entrypoint: entrypointOf(attributes.boolean(common.interactive)),
      can,
    }),
    ...present({
      attrs: listed(attributes, kept.config),
      claimed:
        sandbox === undefined
          ? envelope.claimed
          : { ...envelope.claimed, sandbox_enabled: sandbox },
    }),
    ...contents({ resource: resourceOf(item), attributes: unlisted(item, known) }),
  });
  return "done";
}

function entrypointOf(interactive: boolean | undefined): string | undefined {
  if (interactive === undefined) return undefined;
  return interactive ? "interactive" : "headless";
}

function namesOf(text: string | undefined): readonly string[] | undefined {
  const names = text?.split(",").filter((name) => name !== "");
  return names === undefined || names.length === 0 ? undefined : names;
}

/** The resource without the command line, which holds the prompt even where prompts are withheld. */
function resourceOf({ resource }: LogView): string | undefined {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of resource.names()) {
    if (!withheldResource.has(name)) found[name] = resource.text(name) ?? "";
  }
  const names = Object.keys(found).sort();
  return names.length === 0 ? undefined : JSON.stringify(found, names);
}

export function flagsOf(mode: string | undefined): readonly string[] | undefined {
  return mode !== undefined && bypassModes.has(mode) ? [mode] : undefined;
}

/** `user_prompt`: without prompts the text is left out and its length is not. */
export function userPrompt(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const length = whole(attributes, "prompt_length");
  const prompt = contentOf(
    attributes.text("prompt"),
    length === undefined ? "missing" : "withheld",
  );
  sink.fact({
    class: "turn",
    key: eventKey(item, "turn", "start", attributes.text(common.prompt) ?? ""),
    ...logEnvelope(item),
    body: present({ event: "start" as const, prompt_bytes: length, prompt_state: prompt.state }),
    ...present({ attrs: listed(attributes, ["auth_type", common.interactive]) }),
    ...contents({ prompt: prompt.text, attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `plan.approval_mode_switch`: the only event that says a mode changed; `…_duration` says how long the last one was in force. */
export function modeSwitch(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const mode = filled(attributes, "to_mode");
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "mode_change"),
    ...logEnvelope(item),
    body: present({ event: "mode_change" as const, approval_mode: mode, flags: flagsOf(mode) }),
    ...present({ attrs: listed(attributes, ["from_mode"]) }),
    ...contents({ attributes: unlisted(item, new Set([...known, "from_mode", "to_mode"])) }),
  });
  return "done";
}

/** `end_session`: sent to the vendor in the releases that were read, and here the end wherever one exports it. */
export function sessionEnd(item: LogView, sink: FactSink): "done" {
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "end"),
    ...logEnvelope(item),
    body: { event: "end" },
    ...contents({ attributes: unlisted(item, new Set([...known, "session_id"])) }),
  });
  return "done";
}

/** Events that are about the session as a whole: kept with their listed attributes, the rest of them as content. */
export function lifecycleEvent(
  item: LogView,
  name: string,
  names: readonly string[],
  sink: FactSink,
): "done" {
  const { attributes } = item;
  const about = names.map((one) => attributes.text(one) ?? "");
  sink.fact({
    class: "session",
    key: [...eventKey(item, "session", name), item.spanId ?? "", ...about],
    ...logEnvelope(item),
    body: { event: "seen" },
    attrs: { event: name, ...listed(attributes, names) },
    ...contents({ attributes: unlisted(item, new Set([...alwaysKnown, ...names])) }),
  });
  return "done";
}

const alwaysKnown: readonly string[] = [
  ...Object.values(common),
  ...claims,
  "auth_type",
  "experiments.ids",
];
