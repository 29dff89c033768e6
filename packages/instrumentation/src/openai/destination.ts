import { fieldsOf, textOf } from "../shape.ts";
import type { Destination } from "../traffic.ts";

/** Hosts by the end of their name; the provider's name as the GenAI convention lists it. */
const providersByHost: readonly (readonly [suffix: string, provider: string])[] = [
  [".openai.azure.com", "azure.ai.openai"],
  [".services.ai.azure.com", "azure.ai.inference"],
  ["api.anthropic.com", "anthropic"],
  ["api.deepseek.com", "deepseek"],
  ["api.groq.com", "groq"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.x.ai", "x_ai"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["-aiplatform.googleapis.com", "gcp.vertex_ai"],
];

/** Who a resource object of the `openai` package talks to. An unknown host speaks OpenAI's API and is called so. */
export function destinationOf(resource: unknown): Destination {
  const client = fieldsOf(fieldsOf(resource)?.["_client"]);
  const base = textOf(client?.["baseURL"]);
  if (base === undefined || !URL.canParse(base)) {
    return { provider: "openai", host: undefined, port: undefined };
  }
  const { hostname, port, protocol } = new URL(base);
  const known = providersByHost.find(([suffix]) => hostname.endsWith(suffix));
  return {
    provider: known?.[1] ?? "openai",
    host: hostname,
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
