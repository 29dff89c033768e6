/** A tool call that a model chose in its answer. */
export interface ChosenCall {
  readonly call: string;
  readonly tool: string;
  /** As JSON text, or as the text it came as. */
  readonly arguments: string | undefined;
}

/** The tool calls among the parts of `gen_ai.output.messages` (agent-telemetry 10.2). What is not such JSON names none. */
export function chosenCalls(messages: string | undefined): readonly ChosenCall[] {
  return messagesOf(messages).flatMap((message) =>
    partsOf(message).flatMap((part) => {
      const { id, name } = part;
      if (part["type"] !== "tool_call" || typeof id !== "string" || typeof name !== "string") {
        return [];
      }
      return id === "" || name === ""
        ? []
        : [{ call: id, tool: name, arguments: argumentsOf(part["arguments"]) }];
    }),
  );
}

/** What the user of a run asked: the text of the last message with the role `user`. Undefined where it is no such JSON. */
export function promptOf(messages: string | undefined): string | undefined {
  const asked = messagesOf(messages).findLast(({ role }) => role === "user");
  if (asked === undefined) return undefined;
  const texts = partsOf(asked).flatMap(({ type, content }) =>
    type === "text" && typeof content === "string" ? [content] : [],
  );
  return texts.length === 0 ? undefined : texts.join("\n");
}

interface Message {
  readonly role?: unknown;
  readonly parts?: unknown;
  readonly [member: string]: unknown;
}

type Part = Readonly<Record<string, unknown>> & {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly content?: unknown;
};

/** The document is hostile: it may be no JSON, cut, or of any depth and shape. */
function messagesOf(text: string | undefined): readonly Message[] {
  if (text === undefined || !text.startsWith("[")) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isObject) : [];
  } catch {
    // An exporter may cut long attributes, which leaves no JSON.
    return [];
  }
}

function partsOf({ parts }: Message): readonly Part[] {
  return Array.isArray(parts) ? parts.filter(isObject) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function argumentsOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
