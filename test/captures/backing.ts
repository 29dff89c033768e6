import { type DialectProfile, sourceProfiles } from "@custody/dialects";
import { type AnyFact, type SourceCell, type SourceFact, sourceFacts } from "@custody/model";
import { capturedScenarios } from "./captured-agents.ts";
import { capturedItems, type Named, tell } from "./captured-items.ts";
import { type Shown, shows } from "./shown.ts";

/** What a capture must show for a cell of the README's table to stand. */
type Rule = (cell: Claimed) => string | undefined;

interface Claimed {
  /** In the scenario that the cell names. */
  readonly named: Shown;
  /** In every scenario of the agent, the named one among them. */
  readonly all: readonly Shown[];
}

const isTold = (shown: Shown): boolean => shown.includes("reported");

/** Why a cell does not stand, by its level; undefined where it does. */
const rules: Readonly<Record<SourceCell["level"], Rule>> = {
  full: ({ named }) =>
    isTold(named) && named.every((state) => state === "reported")
      ? undefined
      : "not every occasion of the named scenario is told",
  partial: ({ named }) => (isTold(named) ? undefined : "the named scenario does not tell it"),
  withheld: ({ named, all }) => {
    if (!named.includes("withheld") && !all.some(isTold)) return "nothing was held back or told";
    // Where the switch is off there may be no trace of an occasion either.
    const off = [named, ...all.filter((shown) => shown.length > 0)];
    return off.every(isTold) && off.flat().every((state) => state === "reported")
      ? "it is told in every scenario"
      : undefined;
  },
  not_exported: ({ all }) => (all.some(isTold) ? "a scenario tells it" : undefined),
};

/** Every cell whose captures do not bear it out, in words. */
export function unbackedCells(): readonly string[] {
  return sourceProfiles.flatMap((source) =>
    sourceFacts.flatMap((fact) => {
      const wrong = problemOf(source, fact);
      return wrong === undefined ? [] : [`${source.profile.title}, ${fact}: ${wrong}`];
    }),
  );
}

function problemOf(source: DialectProfile, fact: SourceFact): string | undefined {
  const cell = source.profile.facts[fact];
  const scenarios = scenariosOf(source);
  if (!scenarios.includes(cell.fixture)) return `there is no capture ${cell.fixture}`;
  if (source.profile.basis === "documentation") {
    const spoke = scenarios.some((scenario) => saidIn(source, scenario).length > 0);
    return spoke ? "it is called uncaptured, and a capture has it" : undefined;
  }
  const shown = (scenario: string): Shown => shows[fact](saidIn(source, scenario));
  const wrong = rules[cell.level]({ named: shown(cell.fixture), all: scenarios.map(shown) });
  return wrong && `claims ${cell.level} of ${cell.fixture}, and ${wrong}`;
}

/** Every scenario of the folders that the profile's cells name. */
function scenariosOf({ profile }: DialectProfile): readonly string[] {
  const folders = new Set(
    Object.values(profile.facts).map(({ fixture }) => fixture.split("/")[0] ?? ""),
  );
  return [...folders].flatMap((folder) =>
    capturedScenarios(folder).map((scenario) => `${folder}/${scenario}`),
  );
}

const read = new Map<string, readonly Named[]>();

function namedIn(scenario: string): readonly Named[] {
  const known = read.get(scenario);
  if (known !== undefined) return known;
  const [folder = "", name = ""] = scenario.split("/");
  const { facts } = tell(capturedItems(folder, name));
  read.set(scenario, facts);
  return facts;
}

/** What the profile's own sources say in a scenario: its dialect, and its agent where it is of one. */
function saidIn({ dialect, profile }: DialectProfile, scenario: string): readonly AnyFact[] {
  return namedIn(scenario)
    .filter((named) => named.dialect === dialect)
    .map(({ fact }) => fact)
    .filter((fact) => profile.agent === undefined || fact.agent?.name === profile.agent);
}

/** The capabilities that the session records of a profile's scenarios name. */
export function capabilitiesOf(source: DialectProfile): ReadonlySet<string> {
  return new Set(
    scenariosOf(source).flatMap((scenario) =>
      saidIn(source, scenario).flatMap((fact) =>
        fact.class === "session" ? (fact.body.can ?? []) : [],
      ),
    ),
  );
}
