import type { StoreReader } from "@custody/model";
import type { Asked } from "@custody/storage/queries";
import type { Call } from "../route.ts";

/** A question to the store on behalf of a caller: the tenant is the credential's. A caller that hangs up cancels it. */
export function askedFor(call: Call, reader: StoreReader): Asked {
  const gone = new AbortController();
  // It may have gone while its read was recorded.
  if (call.request.raw.socket.destroyed) gone.abort();
  // The answer's stream: a request with a body is closed as soon as it was read.
  call.reply.raw.once("close", () => {
    if (!call.reply.raw.writableEnded) gone.abort();
  });
  return { reader, tenant: call.principal.tenant, signal: gone.signal };
}
