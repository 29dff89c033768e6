import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readMessage } from "./message.ts";

/** A call whose bytes come in these pieces, and what was weighed of it. */
function arriving(pieces: readonly Buffer[]): {
  readonly message: ReturnType<typeof readMessage>;
  readonly weighed: readonly number[];
  readonly stream: PassThrough;
} {
  const stream = new PassThrough();
  const weighed: number[] = [];
  const message = readMessage(stream, { grow: (bytes) => void weighed.push(bytes) });
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return { message, weighed, stream };
}

const whole = Buffer.from([1, 0, 0, 0, 3, 7, 8, 9]);

test("a message is the same in whichever pieces it comes, and is weighed once, as long as it says it is", async () => {
  const cuts = [[whole], [...whole].map((byte) => Buffer.from([byte]))];
  for (let at = 1; at < whole.length; at++) cuts.push([whole.subarray(0, at), whole.subarray(at)]);
  for (const pieces of cuts) {
    const { message, weighed } = arriving(pieces);
    expect(await message).toEqual({ compressed: true, body: Buffer.from([7, 8, 9]) });
    expect(weighed).toEqual([3]);
  }
});

test("an empty message is one", async () => {
  const { message } = arriving([Buffer.alloc(5)]);
  expect(await message).toEqual({ compressed: false, body: Buffer.alloc(0) });
});

test.each([
  ["ends early", whole.subarray(0, 7), /after 7 bytes/],
  ["is none", Buffer.alloc(0), /after 0 bytes/],
  ["goes on", Buffer.concat([whole, Buffer.alloc(1)]), /more followed/],
  ["has an unknown flag", Buffer.from([2, 0, 0, 0, 0]), /flag/],
])("what %s is malformed", async (_what, bytes, why) => {
  const { message } = arriving([bytes]);
  await expect(message).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringMatching(why),
  });
});

test("what says it is too long is refused unweighed, and the stream is left to answer on", async () => {
  const { message, weighed, stream } = arriving([Buffer.from([0, 1, 0, 0, 1])]);
  await expect(message).rejects.toMatchObject({ code: "too-large" });
  expect(weighed).toEqual([]);
  expect(stream.destroyed).toBe(false);
});
