import type { LedgerRecord } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { compareText } from "./record-order.ts";

type Inference = LedgerRecord<"inference">;

/**
 * One account of each response, where an application is instrumented twice: a framework and the client below it both tell the response, in
 * spans that overlap, with the same tokens, and either under the response's own id or one directly above the other. The inner account
 * counts. Calls that follow each other are never one, whatever ids a model server gives.
 */
export function onceEach(inferences: readonly Inference[]): readonly Inference[] {
  const twice = new Set<Inference>();
  const sameTokens = groupBy(inferences, tokensKey);
  for (const group of sameTokens.values()) {
    const byTrace = groupBy(group, ({ trace }) => trace ?? "");
    for (const accounts of byTrace.values()) markOuter(accounts, twice);
  }
  return twice.size === 0 ? inferences : inferences.filter((one) => !twice.has(one));
}

function tokensKey({ body }: Inference): string | undefined {
  const { input_tokens: input, output_tokens: output } = body;
  return input === undefined && output === undefined ? undefined : `${input}/${output}`;
}

/** In order of their starts, an account can only lie within one that is still open: each is compared with those alone. */
function markOuter(accounts: readonly Inference[], twice: Set<Inference>): void {
  const sorted = accounts.toSorted(
    (left, right) => compareText(left.ts, right.ts) || compareText(left.id, right.id),
  );
  let open: Inference[] = [];
  for (const inner of sorted) {
    open = open.filter(({ end }) => end !== undefined && end >= inner.ts);
    for (const outer of open) {
      if (isSameResponse(outer, inner)) twice.add(outer);
    }
    // Accounts of one response are a handful; more of them open at once are calls made in parallel.
    if (open.length < openMax) open.push(inner);
  }
}

const openMax = 64;

function isSameResponse(outer: Inference, inner: Inference): boolean {
  if (inner.parent !== undefined && inner.parent === outer.span) return true;
  const id = responseId(inner);
  return id !== undefined && id === responseId(outer);
}

function responseId({ attrs }: Inference): string | undefined {
  return attrs?.["gen_ai.response.id"];
}
