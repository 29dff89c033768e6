import { limits, timeFromText } from "@custody/model";
import { z } from "zod";

/** An RFC 3339 time with any offset, in the form that times are compared in. */
const time = z.iso
  .datetime({ offset: true, message: "an RFC 3339 time" })
  .transform((text) => timeFromText(text) ?? text);

/** What every list takes: a page size, a cursor, a window. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(limits.pageItemsMax).default(limits.pageItemsDefault),
  cursor: z.string().max(1024).optional(),
  from: time.optional(),
  to: time.optional(),
});

/** One page: `next` is the cursor of the page after it, or null. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
