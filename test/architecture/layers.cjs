// The layers of the house (ARCHITECTURE.md) as dependency-cruiser rules. Each rule says why.
const layer = {
  L0: ["model", "proof"],
  L1: ["otlp", "dialects", "context", "detections", "redaction", "verify"],
  L2: ["ledger", "storage", "instrumentation"],
  L3: ["collector", "query-api", "evidence"],
  L4: ["cli"],
};
const names = Object.values(layer);
const under = (list) => `^packages/(${list.join("|")})/src/`;
const anyOf = (list) => `^packages/(${list.join("|")})/`;
const test = "\\.(test|test-suite)\\.ts$|/test/";

const upward = names.flatMap((from, level) => {
  const forbidden = names.slice(level).flat();
  return from.map((name) => ({
    name: `L${level}-${name}-imports-downwards-only`,
    comment:
      "No package imports its own layer or a higher one: the lower half can be read, and shipped, alone.",
    severity: "error",
    from: { path: under([name]), pathNot: test },
    to: { path: anyOf(forbidden.filter((other) => other !== name)) },
  }));
});

const only = (name, comment, allowed, target) => ({
  name,
  comment,
  severity: "error",
  from: { path: "^packages/[^/]+/src/", pathNot: `${under(allowed)}|${test}|^packages/testkit/` },
  to: { path: target },
});

module.exports = {
  forbidden: [
    ...upward,
    {
      name: "proof-imports-nothing",
      comment: "An auditor and a browser must be able to run it alone.",
      severity: "error",
      from: { path: under(["proof"]), pathNot: test },
      to: { pathNot: "^packages/proof/" },
    },
    {
      name: "verify-sees-words-and-proofs-only",
      comment: "Nothing on the verify path may reach the write path, nor Node.",
      severity: "error",
      from: { path: under(["verify"]), pathNot: test },
      to: { pathNot: "^packages/(verify|model|proof)/" },
    },
    {
      name: "words-and-transforms-touch-no-world",
      comment:
        "File system, network, clock and randomness are passed in, so that L0 and L1 are deterministic. Bytes are no world: `buffer` alone may be used.",
      severity: "error",
      from: { path: under([...layer.L0, ...layer.L1]), pathNot: test },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?buffer$" },
    },
    only(
      "clickhouse-in-storage-only",
      "One place knows which engine holds the records.",
      ["storage"],
      "node_modules/(chdb|@chdb|@clickhouse)/",
    ),
    only(
      "fastify-in-services-only",
      "Only services speak HTTP.",
      ["collector", "query-api"],
      "node_modules/fastify/",
    ),
    only(
      "otel-sdk-in-instrumentation-only",
      "The river takes OTLP bytes; it does not depend on the SDK that made them. The collector's traces of itself go elsewhere.",
      ["instrumentation", "collector"],
      "node_modules/@opentelemetry/",
    ),
    {
      name: "otel-sdk-of-the-collector-in-its-own-traces-only",
      comment: "What the collector tells of itself never touches what it receives.",
      severity: "error",
      from: { path: "^packages/collector/src/", pathNot: "^packages/collector/src/traces/" },
      to: { path: "node_modules/@opentelemetry/" },
    },
    {
      name: "dialects-do-not-know-each-other",
      comment: "A new dialect is a new folder, never a new branch in another one.",
      severity: "error",
      from: { path: "^packages/dialects/src/(codex|claude-code|genai)/" },
      to: {
        path: "^packages/dialects/src/(codex|claude-code|genai)/",
        pathNot: "^packages/dialects/src/$1/",
      },
    },
    {
      name: "testkit-does-not-ship",
      comment: "Faults and fakes are for tests.",
      severity: "error",
      from: {
        path: "^packages/(?!testkit/)[^/]+/src/",
        pathNot: `${test}|^packages/cli/src/demo/`,
      },
      to: { path: "^packages/testkit/" },
    },
    {
      name: "no-cycles",
      comment: "A cycle is one file that pretends to be two.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ["@custody/source", "import", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
