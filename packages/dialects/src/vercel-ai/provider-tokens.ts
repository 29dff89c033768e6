import type { TokenNotes } from "../conventions/inference.ts";
import { isMembers, type Members, member, parsedMessages } from "../conventions/message-text.ts";
import { present } from "../present.ts";

/** What providers call the counts that version 4 has no attributes for (packages `@ai-sdk/openai` 1, `@ai-sdk/anthropic` 1). */
const cached = ["cachedPromptTokens", "cacheReadInputTokens"] as const;
const written = ["cacheCreationInputTokens"] as const;
const reasoned = ["reasoningTokens"] as const;

/** Counts in the metadata of the one provider that answered, for versions that say them nowhere else. */
export function providerTokens(text: string | undefined): TokenNotes | undefined {
  if (text === undefined || !text.includes("Tokens")) return undefined;
  const value = parsedMessages(text);
  const providers = isMembers(value) ? Object.values(value).filter(isMembers) : [];
  const [provider] = providers;
  if (provider === undefined || providers.length !== 1) return undefined;
  return present({
    cached_input_tokens: countOf(provider, cached),
    cache_write_tokens: countOf(provider, written),
    reasoning_tokens: countOf(provider, reasoned),
  });
}

function countOf(of: Members, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = member(of, name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  }
  return undefined;
}
