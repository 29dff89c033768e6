export type Confidence = "high" | "medium" | "low";

export type JoinMethod =
  | "stated"
  | "proxy_session"
  | "session_and_arguments"
  | "execution"
  | "process"
  | "client_port"
  | "interval"
  | "several_calls"
  | "undecided";

export interface JoinMethodRow {
  /** What the conclusion rests on. */
  readonly rests: string;
  readonly confidence: readonly Confidence[];
  /** When it is which. */
  readonly when: string;
}

/** How a flow can be tied to a call, best first: the closed list of what a link of kind `egress_call` says, with what each is worth. */
export const joinMethods: Readonly<Record<JoinMethod, JoinMethodRow>> = {
  stated: {
    rests: "the flow's own record names the call; there is no link",
    confidence: ["high"],
    when: "always",
  },
  proxy_session: {
    rests:
      "an observer knows the session (the proxy checked its password, or a sandbox was attested for it); one call is open, and its arguments name the host",
    confidence: ["high", "medium", "low"],
    when: "as `session_and_arguments`",
  },
  session_and_arguments: {
    rests:
      "of the calls open at the time, the arguments of exactly one name the host; where none does, one installs packages and the host is a public registry, or uses the network without naming any host and it is a public forge",
    confidence: ["high", "medium", "low"],
    when: "medium where the call's end is not known, another open call's arguments could not be read, it is a registry or forge, or the call is open by the rounding of times alone and has a flow there of its own, or by the skew of clocks alone and has none; low where it has",
  },
  execution: {
    rests: "another flow of the same command execution, as the proxy numbers them, is tied to it",
    confidence: ["high", "medium", "low"],
    when: "as that flow",
  },
  process: {
    rests:
      "a sensor saw the process that sent it, which began while the call was open: another flow of it is tied to the call, or no other call was open then",
    confidence: ["high", "medium", "low"],
    when: "as that flow; low where it is the time of its beginning alone",
  },
  client_port: {
    rests:
      "a sensor saw the same client address and port, so that the process is known, or the proxy's own flow of this connection is",
    confidence: ["high", "medium", "low"],
    when: "as `process`, or as that flow",
  },
  interval: {
    rests: "one call was open at the time, and nothing else speaks for it",
    confidence: ["low"],
    when: "always",
  },
  several_calls: {
    rests: "the arguments of several open calls name the host: no call is chosen",
    confidence: ["low"],
    when: "always",
  },
  undecided: {
    rests: "more knowledge leaves no answer: an earlier link is taken back",
    confidence: ["low"],
    when: "always",
  },
};
