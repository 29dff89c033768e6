import type { ProgramUse } from "./evidence.ts";
import { detectionLimits } from "./limits.ts";
import { compareText } from "./record-order.ts";
import type { CallStory } from "./story.ts";

/** What a call sets out to do, without how it is wrapped: programs with their operands, and files it writes. */
export interface Intent {
  readonly deeds: ReadonlySet<string>;
  /** The words that a hidden form would have to hold: program and operands of each deed. */
  readonly words: readonly string[];
}

/** Programs that say nothing of what is meant. */
const empty: ReadonlySet<string> = new Set(["", "cd", "echo", "true", "set", "export", "sleep"]);
/** Programs that only run the text they are given: that text's own programs stand beside them. */
const shells: ReadonlySet<string> = new Set(["sh", "bash", "zsh", "dash", "ksh", "ash", "eval"]);

/** Undefined where the arguments could not be read, or name nothing. */
export function intentOf(call: CallStory): Intent | undefined {
  const deeds = new Set<string>();
  const words = new Set<string>();
  const programs = call.programs?.slice(0, detectionLimits.programsPerCallMax) ?? [];
  for (const { program, words: own } of programs) {
    if (empty.has(program) || shells.has(program)) continue;
    const operands = operandsOf(own);
    deeds.add(JSON.stringify([program, ...operands.toSorted(compareText)]));
    for (const word of [program, ...operands]) words.add(word);
  }
  for (const { path, access } of call.paths ?? []) {
    if (access !== "write") continue;
    deeds.add(JSON.stringify(["write", path]));
    words.add(path);
  }
  const compared = [...words].slice(0, detectionLimits.intentWordsMax);
  return deeds.size === 0 ? undefined : { deeds, words: compared };
}

function operandsOf(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith("-")).slice(0, detectionLimits.intentWordsMax);
}

/** Texts inside a call that a word-by-word reading does not open: what an interpreter is handed, and base64 once decoded. */
export function hiddenTexts(programs: readonly ProgramUse[]): readonly string[] {
  const out: string[] = [];
  let left: number = detectionLimits.hiddenTextUnitsMax;
  const add = (text: string): void => {
    const taken = text.slice(0, left);
    left -= taken.length;
    if (taken !== "") out.push(taken);
  };
  for (const { words } of programs.slice(0, detectionLimits.programsPerCallMax)) {
    words.forEach((word, index) => {
      if (["-c", "-e", "-lc", "--eval"].includes(words[index - 1] ?? "")) add(word);
      const decoded = decodedText(word, left);
      if (decoded !== undefined) add(decoded);
    });
  }
  return out;
}

const base64 = /^[A-Za-z0-9+/]{16,}={0,2}$/;

function decodedText(word: string, unitsMax: number): string | undefined {
  if (word.length > unitsMax * 2 || word.length % 4 !== 0 || !base64.test(word)) return undefined;
  const text = atob(word);
  // A path or a hash is base64 too; what it decodes to is no text then.
  return /^[\t\n\r -~]+$/.test(text) ? text : undefined;
}

/** Every deed of the one is a deed of the other. */
export function repeats(intent: Intent, other: Intent | undefined): boolean {
  return other !== undefined && [...intent.deeds].every((deed) => other.deeds.has(deed));
}

/** One hidden text holds every word of the intent, and one of them is long enough not to be there by chance. */
export function isHidden(intent: Intent, texts: readonly string[]): boolean {
  if (!intent.words.some((word) => word.length >= detectionLimits.targetUnitsMin)) return false;
  return texts.some((text) => intent.words.every((word) => text.includes(word)));
}
