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
 * Reads the one message of a call. Every chunk is weighed as it comes, and a message that says it is too long is refused before it comes. The
 * stream is left open whatever happens: it is how the refusal is answered.
 */
export function readMessage(stream: Readable, seat: Pick<Seat, "grow">): Promise<Message> {
  const chunks: Buffer[] = [];
  let read = 0;
  let wanted: number | undefined;
  const take = (chunk: Buffer): void => {
    seat.grow(chunk.length);
    chunks.push(chunk);
    read += chunk.length;
    if (wanted === undefined && read >= prefixBytes) wanted = lengthOf(Buffer.concat(chunks, read));
    if (wanted !== undefined && read > prefixBytes + wanted) {
      throw new Refusal("malformed", "an export is one message, and more followed it");
    }
  };
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => {
      stream.removeListener("data", onData);
      stream.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      try {
        take(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    stream.on("data", onData);
    stream.once("end", () => {
      try {
        resolve(messageOf(Buffer.concat(chunks, read), wanted));
      } catch (error) {
        refuse(error);
      }
    });
    stream.once("close", () => reject(new Error("the client went away within its message")));
  });
}

function lengthOf(start: Buffer): number {
  const length = start.readUInt32BE(1);
  if (length > limits.requestBytesMax) {
    throw new Refusal("too-large", `the message is longer than ${limits.requestBytesMax} bytes`);
  }
  return length;
}

function messageOf(whole: Buffer, wanted: number | undefined): Message {
  if (wanted === undefined || whole.length < prefixBytes + wanted) {
    throw new Refusal(
      "malformed",
      `the call ended within its message, after ${whole.length} bytes`,
    );
  }
  const flag = whole[0] ?? 0;
  if (flag > 1) throw new Refusal("malformed", "the message's compressed flag is neither 0 nor 1");
  return { compressed: flag === 1, body: whole.subarray(prefixBytes) };
}
