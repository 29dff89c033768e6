/** Attributes that say one thing, newest name first, then those it replaced. */
export type Names = readonly string[];

/** What a convention calls each thing that becomes part of a fact. A rename is a new first entry (agent-telemetry 10.4). */
export interface Words {
  readonly operation: Names;
  readonly provider: Names;
  readonly requestModel: Names;
  readonly responseModel: Names;
  readonly session: Names;
  readonly agentName: Names;
  readonly agentVersion: Names;
  readonly tool: Names;
  readonly call: Names;
  readonly arguments: Names;
  readonly result: Names;
  readonly mcpServer: Names;
  readonly inputTokens: Names;
  readonly outputTokens: Names;
  readonly cachedTokens: Names;
  readonly cacheWriteTokens: Names;
  readonly reasoningTokens: Names;
  readonly timeToFirstChunkS: Names;
  readonly timeToFirstChunkMs: Names;
  readonly costUsd: Names;
  /** What went to the model or the agent: messages, or a text. */
  readonly input: Names;
  /** Prefixes under which messages to the model are flattened, one attribute a member: `gen_ai.prompt` for `gen_ai.prompt.0.role`. */
  readonly inputFlat: Names;
  /** What came back as messages or calls; all that are filled make the answer. */
  readonly output: Names;
  readonly outputFlat: Names;
  /** The text of an answer, where the convention says it apart from its calls. */
  readonly outputText: Names;
  readonly errorType: Names;
  readonly errorText: Names;
  readonly httpStatus: Names;
}

/** A convention that names nothing: what the tables of the others begin with. */
export const noWords: Words = {
  operation: [],
  provider: [],
  requestModel: [],
  responseModel: [],
  session: [],
  agentName: [],
  agentVersion: [],
  tool: [],
  call: [],
  arguments: [],
  result: [],
  mcpServer: [],
  inputTokens: [],
  outputTokens: [],
  cachedTokens: [],
  cacheWriteTokens: [],
  reasoningTokens: [],
  timeToFirstChunkS: [],
  timeToFirstChunkMs: [],
  costUsd: [],
  input: [],
  inputFlat: [],
  output: [],
  outputFlat: [],
  outputText: [],
  errorType: [],
  errorText: [],
  httpStatus: [],
};

/** A convention as data: its words, and what is done with the attributes that make no fact. */
export interface Convention {
  readonly words: Words;
  /** Listed attributes that are kept as text beside the body. */
  readonly kept: Names;
  /** Who the payload says it is: never believed, kept as claims (contract 3). */
  readonly claims: Names;
  /** Everything that is read, kept, or says nothing an auditor asks for. The rest is kept as content. */
  readonly known: ReadonlySet<string>;
  /** Prefixes of flattened lists that are read or say nothing. */
  readonly knownUnder: Names;
  /** What it means that content is not there: most sources send it only when they are told to. */
  readonly absent: "withheld" | "missing";
}

/** `ignored`: attributes that say nothing an auditor asks for. */
export function conventionOf(of: {
  readonly words: Words;
  readonly kept: Names;
  readonly claims: Names;
  readonly ignored: Names;
  readonly ignoredUnder?: Names;
  readonly absent?: Convention["absent"];
}): Convention {
  const { words, kept, claims } = of;
  return {
    words,
    kept,
    claims,
    absent: of.absent ?? "withheld",
    known: new Set([
      ...Object.values<Names>({ ...words }).flat(),
      ...kept,
      ...claims,
      ...of.ignored,
    ]),
    knownUnder: [...words.inputFlat, ...words.outputFlat, ...(of.ignoredUnder ?? [])].map(
      (prefix) => `${prefix}.`,
    ),
  };
}
