import type { Capability, FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { eventKey, logEnvelope } from "./envelope.ts";
import { bypassModes, claims, common, kept, known, withheldResource } from "./fields.ts";

/** What Qwen Code is able to say at all. */
const can: readonly Capability[] = [
  "prompt",
  "arguments",
  "results",
  "approvals",
  "sandbox",
  "identity",
];

/** `config`: what a process was set up with. Unlike Gemini CLI's, its `sandbox_enabled` is true in a sandbox and only there. */
export function config(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const mode = filled(attributes, "approval_mode");
  const sandbox = sandboxOf(attributes.boolean("sandbox_enabled"));
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "start"),
    ...envelope,
    body: present({
      event: "start" as const,
      approval_mode: mode,
      sandbox_mode: sandbox,
      flags: flagsOf(mode),
      mcp_servers: namesOf(filled(attributes, "mcp_servers")),
      can,
    }),
    ...present({ attrs: listed(attributes, kept.config) }),
    ...contents({ resource: resourceOf(item), attributes: unlisted(item, known) }),
  });
  if (sandbox === undefined) return "done";
  sink.fact({
    class: "sandbox",
    key: eventKey(item, "sandbox", "start"),
    ...envelope,
    body: { event: "start", mode: sandbox, attested_by: "agent" },
  });
  return "done";
}

/** It says that there is one, never which. */
function sandboxOf(enabled: boolean | undefined): string | undefined {
  if (enabled === undefined) return undefined;
  return enabled ? "enabled" : "none";
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

/** `session.end`: a process that is killed sends none. */
export function sessionEnd(item: LogView, sink: FactSink): "done" {
  sink.fact({
    class: "session",
    key: eventKey(item, "session", "end"),
    ...logEnvelope(item),
    body: present({ event: "end" as const, end_reason: filled(item.attributes, "reason") }),
    ...contents({ attributes: unlisted(item, new Set([...known, "reason"])) }),
  });
  return "done";
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
    ...present({ attrs: listed(attributes, ["auth_type"]) }),
    ...contents({ prompt: prompt.text, attributes: unlisted(item, known) }),
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
  common.event,
  common.time,
  common.session,
  common.prompt,
  ...claims,
];
