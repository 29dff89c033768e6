import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

test("small pieces of work share a turn; large ones take one each, in order, and the sockets are looked at in between", async () => {
  const pace = createPace(100);
  const said: string[] = [];
  const work = async (name: string, bytes: number): Promise<void> => {
    await pace(bytes);
    said.push(name);
  };
  const all = [
    work("a", 40),
    work("b", 40),
    work("c", 500),
    work("d", 500),
    work("e", 10),
    work("f", 10),
  ];
  // Whatever comes from a socket is heard in a turn like this one.
  for (let turn = 1; turn <= 4; turn++) {
    await nextTurn();
    said.push(`turn ${turn}`);
  }
  await Promise.all(all);
  expect(said).toEqual(["a", "b", "c", "turn 1", "d", "turn 2", "e", "f", "turn 3", "turn 4"]);
});

test("after a pause the next one goes on at once", async () => {
  const pace = createPace(100);
  await pace(1_000);
  await nextTurn();
  let gone = false;
  void pace(1_000).then(() => {
    gone = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(gone).toBe(true);
});
