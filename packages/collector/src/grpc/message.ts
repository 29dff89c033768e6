import type { Readable } from "node:stream";
import { limits } from "@custody/model";
import { Refusal } from "../errors.ts";
import type { Seat } from "../plugins/admission.ts";

/** A flag that says whether the message is compressed, and its length in four bytes (gRPC over HTTP/2, Length-Prefixed-Message). */
const prefixBytes = 5;

/** The one message of a unary call as it stood on the wire. */
export interface Message {
  readonly compressed: boolean;
  readonly body: Buffer;
}

/**
 * Reads the one message of a call. It is weighed as long as it says it is before it comes, and refused where that does not fit. The stream is
 * left open whatever happens: it is how the refusal is answered.
 */
export function readMessage(stream: Readable, seat: Pick<Seat, "grow">): Promise<Message> {
  const filling = createFilling(seat);
  return new Promise((resolve, reject) => {
    const guarded = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        stream.removeListener("data", onData);
        stream.pause();
        reject(error);
      }
    };
    const onData = (chunk: Buffer): void => guarded(() => filling.take(chunk));
    stream.on("data", onData);
    stream.once("end", () => guarded(() => resolve(filling.whole())));
    stream.once("close", () => reject(new Error("the client went away within its message")));
  });
}

/** The room a message is copied into as it comes: however small its pieces are, they cost no more than their bytes. */
function createFilling(seat: Pick<Seat, "grow">): {
  readonly take: (chunk: Buffer) => void;
  readonly whole: () => Message;
} {
  const prefix = Buffer.alloc(prefixBytes);
  let body = Buffer.alloc(0);
  let read = 0;
  const begin = (chunk: Buffer): Buffer => {
    const copied = chunk.copy(prefix, read);
    read += copied;
    if (read === prefixBytes) {
      const bytes = lengthOf(prefix);
      seat.grow(bytes);
      body = Buffer.allocUnsafe(bytes);
    }
    return chunk.subarray(copied);
  };
  return {
    take(chunk) {
      const rest = read < prefixBytes ? begin(chunk) : chunk;
      if (rest.length === 0) return;
      const at = read - prefixBytes;
      if (at + rest.length > body.length) {
        throw new Refusal("malformed", "an export is one message, and more followed it");
      }
      rest.copy(body, at);
      read += rest.length;
    },
    whole() {
      if (read < prefixBytes + body.length) {
        throw new Refusal("malformed", `the call ended within its message, after ${read} bytes`);
      }
      const flag = prefix[0] ?? 0;
      if (flag > 1) {
        throw new Refusal("malformed", "the message's compressed flag is neither 0 nor 1");
      }
      return { compressed: flag === 1, body };
    },
  };
}

function lengthOf(prefix: Buffer): number {
  const length = prefix.readUInt32BE(1);
  if (length > limits.requestBytesMax) {
    throw new Refusal("too-large", `the message is longer than ${limits.requestBytesMax} bytes`);
  }
  return length;
}
