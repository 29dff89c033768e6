export { dialects, dialectVersion, normaliseItem } from "./registry.ts";
