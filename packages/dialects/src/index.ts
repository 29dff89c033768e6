export { dialects, dialectVersion, normaliseItem } from "./registry.ts";
export { type DialectProfile, profileOf, sourceProfiles } from "./source-profiles.ts";
