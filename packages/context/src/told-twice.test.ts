import type { LedgerRecord } from "@custody/model";
import { expect, test } from "vitest";
import { onceEach } from "./told-twice.ts";

interface Told {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly input?: number;
  readonly span?: string;
  readonly parent?: string;
  readonly response?: string;
}

const at = (second: number): string =>
  `2026-11-23T10:00:${String(second).padStart(2, "0")}.000000000Z`;

function inference({
  from,
  to,
  input = 1_000,
  response,
  ...told
}: Told): LedgerRecord<"inference"> {
  return {
    ...told,
    class: "inference",
    trace: "0102030405060708090a0b0c0d0e0f10",
    ts: at(from),
    end: at(to),
    attrs: response === undefined ? {} : { "gen_ai.response.id": response },
    body: { status: "ok", primary: true, input_tokens: input, output_tokens: 40 },
  } as unknown as LedgerRecord<"inference">;
}

function counted(...told: readonly Told[]): readonly string[] {
  const forward = onceEach(told.map(inference)).map(({ id }) => id);
  const backward = onceEach(told.toReversed().map(inference)).map(({ id }) => id);
  expect(new Set(backward)).toEqual(new Set(forward));
  return forward;
}

test("a framework's span and the client's span below it are one response, told by the inner one", () => {
  expect(
    counted(
      { id: "framework", span: "f", from: 1, to: 5 },
      { id: "client", span: "c", parent: "f", from: 2, to: 4 },
    ),
  ).toEqual(["client"]);
});

test("spans that do not stand under each other are one response by its id", () => {
  expect(
    counted(
      { id: "framework", span: "f", from: 1, to: 5, response: "chatcmpl-1" },
      { id: "client", span: "c", from: 2, to: 4, response: "chatcmpl-1" },
    ),
  ).toEqual(["client"]);
});

test("a model server that gives every response one id is believed for each that follows another", () => {
  expect(
    counted(
      { id: "first", from: 1, to: 2, response: "chatcmpl" },
      { id: "second", from: 3, to: 4, response: "chatcmpl" },
    ),
  ).toEqual(["first", "second"]);
});

test("calls made in parallel, and calls of other sizes, are responses of their own", () => {
  expect(counted({ id: "one", from: 1, to: 5 }, { id: "two", from: 2, to: 4 })).toEqual([
    "one",
    "two",
  ]);
  expect(
    counted(
      { id: "outer", span: "f", from: 1, to: 5, input: 3_000 },
      { id: "inner", span: "c", parent: "f", from: 2, to: 4 },
    ),
  ).toEqual(["outer", "inner"]);
});

test("three accounts of one response are one", () => {
  expect(
    counted(
      { id: "agent", span: "a", from: 1, to: 9 },
      { id: "framework", span: "f", parent: "a", from: 2, to: 8 },
      { id: "client", span: "c", parent: "f", from: 3, to: 7 },
    ),
  ).toEqual(["client"]);
});
