const wrapped = new Map([
  ["@custody/ledger", new URL("./ledger.mjs", import.meta.url).href],
  ["@custody/storage", new URL("./storage.mjs", import.meta.url).href],
]);

/** The composition root gets the wrapped packages, everybody else the packages themselves. */
export function resolve(specifier, context, next) {
  const url = wrapped.get(specifier);
  return url !== undefined && context.parentURL?.includes("/packages/cli/dist/")
    ? { url, shortCircuit: true }
    : next(specifier, context);
}
