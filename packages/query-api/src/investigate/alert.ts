import { shiftMillis, timeFromText } from "@custody/model";
import { type Clue, type Clues, lastPart } from "@custody/storage/queries";
import { z } from "zod";

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const withinMsMax = units.d;
const withinForm = /^([1-9]\d{0,5})([smhd])$/;
const text = z.string().min(1).max(256).optional();

/** What an alert says: a moment, how far around it to look, and whatever it names. */
export const alertQuery = z.strictObject({
  at: z.iso
    .datetime({ offset: true, message: "an RFC 3339 time, for example 2026-11-23T10:00:00Z" })
    .transform((time) => timeFromText(time) ?? "")
    .refine((time) => "1971" <= time && time < "2261", "a time between 1971 and 2261")
    .optional(),
  within: z
    .string()
    .regex(withinForm, "a number and s, m, h or d, for example 15m")
    .transform(millisIn)
    .refine((ms) => ms <= withinMsMax, "at most 1d: a longer look is a list, /v1/actions")
    .default(15 * units.m),
  host: text,
  principal: text,
  file: z
    .string()
    .min(1)
    .max(512)
    .refine(
      (path) => /[\p{L}\p{N}]/u.test(lastPart(path)),
      "a path whose last part has a letter or a digit",
    )
    .optional(),
  domain: z
    .string()
    .min(1)
    .max(256)
    .refine(
      (name) => !/[/\s]/.test(name),
      "a host name such as denied.example, without scheme or path",
    )
    .transform((name) => name.toLowerCase().replace(/\.$/, ""))
    .optional(),
});

export interface Alert {
  readonly at: string;
  readonly withinMs: number;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly clues: Clues;
}

/** The alert of a query; without a time it is about now. */
export function alertOf(query: z.output<typeof alertQuery>, now: string): Alert {
  const { at = now, within, ...named } = query;
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return {
    at,
    withinMs: within,
    from: shiftMillis(at, -within),
    to: shiftMillis(at, within + 1),
    clues: Object.fromEntries(given) as Clues,
  };
}

/** The clues an alert gives, each with its value; the time alone where it names nothing. */
export function cluesOf({ clues }: Alert): readonly (readonly [Clue, string])[] {
  const named = Object.entries(clues) as [Clue, string][];
  return named.length === 0 ? [["time", ""]] : named;
}

function millisIn(words: string): number {
  const [, count = "", unit = "s"] = withinForm.exec(words) ?? [];
  return Number(count) * units[unit as keyof typeof units];
}
