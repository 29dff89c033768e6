import { promisify } from "node:util";
import { gunzip, inflate, inflateRaw } from "node:zlib";
import { limits } from "@custody/model";
import { Refusal } from "../errors.ts";
import type { Seat } from "./admission.ts";
import { createTurnstile } from "./turnstile.ts";

/** Node's default chunk of 16 KiB costs several times as much as 1 MiB on request-sized bodies (measured). */
const options = { maxOutputLength: limits.requestInflatedBytesMax, chunkSize: 1_048_576 } as const;
const gunzipped = promisify(gunzip);
const inflated = promisify(inflate);
const rawInflated = promisify(inflateRaw);

type Decode = (body: Buffer) => Promise<Buffer>;
const decoders: Readonly<Record<string, Decode>> = {
  identity: (body) => Promise.resolve(body),
  gzip: (body) => gunzipped(body, options),
  // "deflate" is zlib-wrapped by the standard; some senders ship it raw.
  deflate: (body) =>
    (body[0] ?? 0) % 16 === 8 ? inflated(body, options) : rawInflated(body, options),
};

/** Bodies unfolding at the same time: each may grow to `requestInflatedBytesMax` before it can be weighed. */
const turnstile = createTurnstile(2);

/** Undoes Content-Encoding within `requestInflatedBytesMax`, so that a bomb is refused before it unfolds; what unfolded is weighed. */
export async function decodeBody(
  body: Buffer,
  encoding: string | undefined,
  seat: Pick<Seat, "grow">,
): Promise<Buffer> {
  const decode = decoders[(encoding ?? "identity").trim().toLowerCase()];
  if (decode === undefined) {
    throw new Refusal("unsupported-type", "Content-Encoding is neither identity, gzip nor deflate");
  }
  if (decode === decoders["identity"]) return body;
  const bytes = await turnstile(() => unfolded(decode, body));
  seat.grow(bytes.length);
  return bytes;
}

async function unfolded(decode: Decode, body: Buffer): Promise<Buffer> {
  try {
    return await decode(body);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new Refusal(
        "too-large",
        `the body unfolds to more than ${limits.requestInflatedBytesMax} bytes`,
        { cause },
      );
    }
    throw new Refusal("malformed", "the body is not what its Content-Encoding says", { cause });
  }
}
