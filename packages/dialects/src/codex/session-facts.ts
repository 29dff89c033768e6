import type { Capability, FactSink, LogView } from "@custody/model";
import { filled, listed, unlisted, whole } from "../attributes.ts";
import { contentOf, contents } from "../content.ts";
import { present } from "../present.ts";
import { keyTime, logEnvelope } from "./envelope.ts";
import { bypassSandboxes, kept, known } from "./fields.ts";

/** What Codex is able to say at all; who the user is, only under a ChatGPT login, and then the claims show it. */
const can: readonly Capability[] = ["prompt", "arguments", "results", "approvals", "sandbox"];

/** `codex.conversation_starts`: once per process and conversation, so a resumed one starts again. */
export function conversationStarts(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const sandbox = filled(attributes, "sandbox_policy");
  const servers = filled(attributes, "mcp_servers")?.split(",");
  sink.fact({
    class: "session",
    key: ["session", envelope.session ?? "", "start", keyTime(item)],
    ...envelope,
    body: present({
      event: "start" as const,
      approval_mode: filled(attributes, "approval_policy"),
      sandbox_mode: sandbox,
      entrypoint: filled(attributes, "originator"),
      provider: filled(attributes, "provider_name"),
      flags: sandbox !== undefined && bypassSandboxes.has(sandbox) ? [sandbox] : undefined,
      mcp_servers: servers,
      can,
    }),
    ...present({ attrs: listed(attributes, kept["codex.conversation_starts"]) }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  if (sandbox === undefined) return "done";
  sink.fact({
    class: "sandbox",
    key: ["sandbox", envelope.session ?? "", "start", keyTime(item)],
    ...envelope,
    body: { event: "start", mode: sandbox, attested_by: "agent" },
  });
  return "done";
}

/** `codex.user_prompt`: the log carries no turn id; `codex.session_task` spans that share its trace do. */
export function userPrompt(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const prompt = contentOf(attributes.text("prompt"), "missing");
  sink.fact({
    class: "turn",
    key: ["turn", envelope.session ?? "", "start", keyTime(item)],
    ...envelope,
    body: present({
      event: "start" as const,
      prompt_bytes: whole(attributes, "prompt_length"),
      prompt_state: prompt.state,
    }),
    ...contents({ prompt: prompt.text, attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `codex.turn_cost` (app server only). */
export function turnCost(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const turn = filled(attributes, "turn.id");
  sink.fact({
    class: "turn",
    key: ["turn", envelope.session ?? "", "cost", turn ?? keyTime(item)],
    ...envelope,
    ...present({ turn, attrs: listed(attributes, kept["codex.turn_cost"]) }),
    body: present({
      event: "end" as const,
      prompt_state: "unknown" as const,
      interrupted: attributes.boolean("turn.interrupted"),
    }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `codex.agent_communication`: a spawn names the parent of a sub-agent's conversation. Other messages repeat what tool results say. */
export function agentCommunication(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const child = filled(attributes, "receiver_thread_id");
  const parent = filled(attributes, "sender_thread_id");
  const isSpawn = attributes.text("kind") === "spawn" && attributes.text("state") === "send";
  if (!isSpawn || child === undefined || parent === undefined) {
    sink.noise("codex.agent_communication");
    return "done";
  }
  const message = contentOf(attributes.text("content"), "missing");
  sink.fact({
    class: "session",
    key: ["session", child, "spawned", parent, attributes.text("communication_id") ?? ""],
    ...logEnvelope(item),
    session: child,
    body: { event: "seen", parent_session: parent, can },
    ...present({ attrs: listed(attributes, kept["codex.agent_communication"]) }),
    ...contents({ message: message.text, attributes: unlisted(item, known) }),
  });
  return "done";
}

/** `codex.skill_invocation`: which skill entered the session. */
export function skillInvocation(item: LogView, sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const name = attributes.text("skill.name") ?? "";
  sink.fact({
    class: "session",
    key: ["session", envelope.session ?? "", "skill", name, keyTime(item)],
    ...envelope,
    ...present({ turn: filled(attributes, "turn.id") }),
    body: { event: "seen" },
    ...present({ attrs: listed(attributes, kept["codex.skill_invocation"]) }),
    ...contents({ attributes: unlisted(item, known) }),
  });
  return "done";
}
