import type { Dialect, FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { inference } from "../conventions/inference.ts";
import { responseIdOf } from "../conventions/response-id.ts";
import { errorOf, type Failure } from "../conventions/span-content.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { turn } from "../conventions/turn.ts";
import { toolMessage } from "../tool-message.ts";
import { inputOf, outputOf, tokensOf } from "./content.ts";
import { isLangChain } from "./detect.ts";
import { langChainExpects } from "./expects.ts";
import { convention, isRoot, names, output, type Reading, runType, runTypes } from "./fields.ts";
import { langChainProfile } from "./profile.ts";

/** LangChain, LangGraph and functions traced with LangSmith, by LangSmith's own OpenTelemetry export. */
export const langChain: Dialect = {
  name: "langchain",
  version: "1",
  profiles: [langChainProfile],
  expects: langChainExpects,
  claims: isLangChain,
  normalise(item, sink) {
    if (item.signal !== "span" || item.spanId === undefined) return "opaque";
    const reading = runTypes.get(item.attributes.text(runType)?.toLowerCase() ?? "");
    return reading === undefined ? "opaque" : readers[reading](item, sink);
  },
};

const readers: Readonly<Record<Reading, (item: SpanView, sink: FactSink) => "done" | "opaque">> = {
  inference: (item, sink) => modelCall(item, sink, undefined),
  embeddings: (item, sink) => modelCall(item, sink, "embeddings"),
  tool: toolCall,
  chain,
  noise,
};

/** A span's status is set to good after its error was recorded: the exception is what says that a run failed. */
function failureOf(item: SpanView): Failure | undefined {
  const said = errorOf(item, names);
  if (said !== undefined) return said;
  const exception = item.events().find(({ name }) => name === "exception")?.attributes;
  return (
    exception && {
      type: filled(exception, "exception.type") ?? "error",
      text: filled(exception, "exception.message"),
    }
  );
}

function modelCall(item: SpanView, sink: FactSink, purpose: string | undefined): "done" {
  const { attributes } = item;
  const error = failureOf(item);
  const tokens = tokensOf(attributes);
  const id =
    firstFilled(attributes, ["gen_ai.response.id"]) ?? responseIdOf(filled(attributes, output));
  return inference(item, sink, convention, {
    ...(purpose === undefined ? {} : { purpose }),
    primary: tokens.input_tokens !== undefined || error === undefined,
    attrs: id === undefined ? undefined : { "gen_ai.response.id": id },
    tokens,
    error,
  });
}

/** LangChain's result names its call; a tool of one's own only where its metadata do. */
function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const message = toolMessage(filled(attributes, output));
  return toolExecution(item, sink, convention, {
    call: firstFilled(attributes, names.call) ?? message?.call,
    arguments: inputOf(attributes),
    result: message?.content ?? outputOf(attributes),
    error: failureOf(item) ?? (message?.isError === true ? failedResult : undefined),
  });
}

const failedResult: Failure = { type: "tool_error", text: undefined };

/** A chain is a step of a run; one that nothing traced stands above is the run. */
function chain(item: SpanView, sink: FactSink): "done" {
  const { attributes } = item;
  const isRun = attributes.boolean(isRoot) === true || item.parentSpanId === undefined;
  return isRun ? turn(item, sink, convention, { input: inputOf(attributes) }) : noise(item, sink);
}

function noise({ attributes }: SpanView, sink: FactSink): "done" {
  sink.noise(`langchain ${attributes.text(runType) ?? ""}`);
  return "done";
}
