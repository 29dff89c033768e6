import { limits, timeFromText } from "@custody/model";
import { z } from "zod";

/** What a door answers to input from outside: a value, or a reason that its sender can act on. */
export type DoorVerdict<T> =
  | { readonly outcome: "ok"; readonly fact: T }
  | { readonly outcome: "invalid"; readonly reason: string };

const reasonUnitsMax = 300;

/** Reads with a strict schema and says the first thing that is wrong, with its path. */
export function readDoor<I, T>(
  schema: z.ZodType<I>,
  json: unknown,
  make: (input: I) => T,
): DoorVerdict<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return { outcome: "ok", fact: make(parsed.data) };
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const reason = `${path === "" ? "" : `${path}: `}${issue?.message ?? "invalid"}`;
  return { outcome: "invalid", reason: reason.slice(0, reasonUnitsMax) };
}

/** RFC 3339 with any offset, into our form of nine fraction digits and Z. */
export const timeText: z.ZodType<string> = z.string().transform((text, context) => {
  const time = timeFromText(text);
  if (time === undefined) {
    context.addIssue({ code: "custom", message: "not an RFC 3339 time" });
    return z.NEVER;
  }
  return time;
});

/** Ids of other systems: printable, bounded, never interpreted. */
export const idText: z.ZodType<string> = z.string().min(1).max(256);
export const wordText: z.ZodType<string> = z.string().min(1).max(200);
export const hexDigest: z.ZodType<string> = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "not 64 lower-case hex characters");

/** The members of an object that are neither undefined nor null: what is absent is absent, never null. */
export function present<T extends object>(
  value: T,
): { readonly [K in keyof T]?: Exclude<T[K], null | undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as { readonly [K in keyof T]?: Exclude<T[K], null | undefined> };
}

/** Each item once, as many as a record holds; undefined of none. */
export function listed(items: readonly string[]): readonly string[] | undefined {
  const distinct = [...new Set(items)].slice(0, limits.bodyListItemsMax);
  return distinct.length === 0 ? undefined : distinct;
}
