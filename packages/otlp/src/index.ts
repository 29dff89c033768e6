export { type AgentsSender, agentsScope, decodeAgentsTraces } from "./agents-request.ts";
export { decodeOtlp } from "./decode.ts";
export type { Decoded, DecodeOutcome, Encoding, Malformed, Signal } from "./malformed.ts";
export { encodeExportResponse, encodeStatus, type Refusal } from "./response.ts";
