import { findOpenAi } from "./openai/find.ts";
import { runtime } from "./runtime.ts";

/**
 * The one import. Loading this module watches the `openai` package of the agent, however and
 * whenever the agent loads it; nothing else of the agent is touched. It has no top-level await, so
 * a CommonJS agent may `require` it too.
 */
const { settings, guard, notices, mainFile } = runtime;
if (!settings.disabled) {
  guard(() => findOpenAi(mainFile, { traffic: () => runtime.pipeline().traffic, guard, notices }));
}
