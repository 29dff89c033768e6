import { sum } from "./calls-by-tier.ts";
import type { Evidence } from "./evidence.ts";
import type { CallGroup } from "./facts.ts";
import { type Indicator, ladder } from "./indicator.ts";

const attestDo =
  "curl -X PUT $COLLECTOR/v1/sandboxes/<id> -H 'authorization: Bearer <sandbox observer key>' -d @attestation.json";
const policyDo = "custody policy propose sandbox default sandbox.yaml";

/** L-SBX: sandboxed execution. A setting that makes an agent stop where it finds no sandbox is told by no source, and so limits nothing here. */
export const sandboxIndicators: readonly Indicator<Evidence>[] = [
  {
    id: "sbx.attested",
    title: "sessions whose runtime attests an approved profile",
    rules: [
      "a sandbox policy is approved, or some session names a confinement",
      "19 in 20 sessions name a confinement, or 4 in 5 have an attested approved profile",
      "19 in 20 sessions in scope have a runtime's attestation of an approved profile",
    ],
    next: [policyDo, attestDo, `${attestDo}   # for the sessions that have none`],
    nothing: "no session in the window",
    read({ facts, profiles, inScope, scopeSource }) {
      if (inScope === 0) return null;
      const attested = sum(
        facts.sessions.filter(({ digests }) => digests.some((one) => profiles.has(one))),
      );
      const confined = sum(facts.sessions.filter((one) => one.confined));
      const byProof = ladder(attested, inScope);
      const byWord =
        ladder(confined, inScope) === 3 ? 2 : confined > 0 || profiles.size > 0 ? 1 : 0;
      return {
        level: byProof === 3 ? 3 : byProof === 2 ? 2 : byWord,
        numerator: attested,
        denominator: inScope,
        source: scopeSource,
        observed: attested,
        said: `${attested} of ${inScope} sessions have an attested approved profile; ${confined} name some confinement themselves`,
        examples: lacking(facts.sessions, ({ digests }) =>
          digests.some((one) => profiles.has(one)),
        ),
      };
    },
  },
  {
    id: "sbx.escapes",
    title: "sessions attested with escapes disabled",
    rules: [
      "some session names a confinement or a runtime attests one",
      "a runtime attests escapes disabled for some, and enabled for none",
      "19 in 20 sessions in scope are attested with escapes disabled",
    ],
    next: [
      policyDo,
      `${attestDo}   # with "escapes_allowed": false`,
      `${attestDo}   # for the sessions that have none`,
    ],
    nothing: "no session in the window",
    read({ facts, inScope, scopeSource }) {
      if (inScope === 0) return null;
      const disabled = sum(facts.sessions.filter(({ escapes }) => escapes === "disabled"));
      const allowed = sum(facts.sessions.filter(({ escapes }) => escapes === "allowed"));
      const based = facts.sessions.some(
        ({ confined, escapes }) => confined || escapes !== "unsaid",
      );
      const enforced = disabled > 0 && allowed === 0;
      return {
        level: enforced ? (ladder(disabled, inScope) === 3 ? 3 : 2) : based ? 1 : 0,
        numerator: disabled,
        denominator: inScope,
        source: scopeSource,
        observed: disabled,
        said: `${disabled} of ${inScope} sessions are attested with escapes disabled, ${allowed} with a way out`,
        examples: facts.sessions
          .filter(({ escapes }) => escapes === "allowed")
          .flatMap(({ examples }) => examples)
          .slice(0, 20),
      };
    },
  },
  {
    id: "sbx.outside",
    title: "actions outside the workspace that were stopped or allowed by somebody",
    rules: ["some were", "4 in 5 were", "19 in 20 were"],
    next: [
      "custody query actions --limit 20",
      "custody query actions --limit 20",
      "custody query actions --limit 20",
    ],
    nothing: "no action that leaves the workspace in the window",
    read({ facts, actionSource }) {
      const outside = facts.calls.filter(({ risk }) => risk.includes("outside_workspace"));
      if (outside.length === 0) return null;
      const held = outside.filter(isHeld);
      const [numerator, denominator] = [sum(held), sum(outside)];
      return {
        level: ladder(numerator, denominator),
        numerator,
        denominator,
        source: actionSource,
        observed: sum(
          held.filter(({ allows }) => allows.some((one) => one.includes("/observed/"))),
        ),
        said: `${numerator} of ${denominator} actions outside the workspace were stopped, or allowed by somebody`,
        examples: outside
          .filter((one) => !isHeld(one))
          .flatMap(({ examples }) => examples)
          .slice(0, 20),
      };
    },
  },
  {
    id: "sbx.image",
    title: "sandboxes whose image is pinned by digest",
    rules: ["some are", "4 in 5 are", "19 in 20 are"],
    next: [
      `${attestDo}   # with "image_digest"`,
      `${attestDo}   # with "image_digest"`,
      `${attestDo}   # with "image_digest"`,
    ],
    nothing: "no runtime attests an image",
    read({ facts }) {
      const imaged = facts.sessions.filter(({ image }) => image !== "none");
      if (imaged.length === 0) return null;
      const pinned = sum(imaged.filter(({ image }) => image === "pinned"));
      return {
        level: ladder(pinned, sum(imaged)),
        numerator: pinned,
        denominator: sum(imaged),
        source: "runtime",
        observed: pinned,
        said: `${pinned} of ${sum(imaged)} sessions with an image run one pinned by digest`,
        examples: imaged
          .filter(({ image }) => image === "unpinned")
          .flatMap(({ examples }) => examples)
          .slice(0, 20),
      };
    },
  },
];

function isHeld({ executed, allows }: CallGroup): boolean {
  return !executed || allows.some((one) => !one.startsWith("none/") && !one.startsWith("unknown/"));
}

function lacking<T extends { readonly examples: readonly string[] }>(
  groups: readonly T[],
  has: (group: T) => boolean,
): readonly string[] {
  return groups
    .filter((group) => !has(group))
    .flatMap(({ examples }) => examples)
    .sort()
    .slice(0, 20);
}
