import type { SourceProfile } from "@custody/model";
import { dialects } from "./registry.ts";

/** What the sources of one dialect tell. */
export interface DialectProfile {
  readonly dialect: string;
  readonly profile: SourceProfile;
}

/** Every profile, in registry order. */
export const sourceProfiles: readonly DialectProfile[] = dialects.flatMap(
  ({ name, profiles = [] }) => profiles.map((profile) => ({ dialect: name, profile })),
);

/**
 * The profile of whoever a record speaks for: the one of the named agent wins over the dialect's own, which stands for every agent that
 * follows its convention. Undefined where nobody wrote one down.
 */
export function profileOf(dialect: string, agent: string | undefined): SourceProfile | undefined {
  const own = sourceProfiles.filter((one) => one.dialect === dialect).map(({ profile }) => profile);
  return (
    own.find((profile) => profile.agent !== undefined && profile.agent === agent) ??
    own.find((profile) => profile.agent === undefined)
  );
}
