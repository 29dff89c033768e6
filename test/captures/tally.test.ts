import type { AnyFact, SignalView } from "@custody/model";
import { describe, expect, test } from "vitest";
import { itemsOf, tell } from "./captured-items.ts";

interface Point {
  readonly metric?: string;
  readonly value?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly temporality?: number;
  readonly resource?: Readonly<Record<string, string>>;
  readonly start?: string;
  readonly time?: string;
}

const keyValues = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));

function point(said: Point): readonly SignalView[] {
  const dataPoint = {
    startTimeUnixNano: said.start ?? "1795418885000000000",
    timeUnixNano: said.time ?? "1795418886000000000",
    asDouble: said.value ?? 12,
    attributes: keyValues(said.attributes ?? {}),
  };
  const sum = {
    aggregationTemporality: said.temporality ?? 2,
    isMonotonic: true,
    dataPoints: [dataPoint],
  };
  const name = said.metric ?? "gen_ai.client.inference.usage.input_tokens";
  const request = {
    resourceMetrics: [
      {
        resource: { attributes: keyValues({ "service.name": "my-agent", ...said.resource }) },
        scopeMetrics: [{ scope: { name: "app" }, metrics: [{ name, sum }] }],
      },
    ],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  return itemsOf({ signal: "metrics", encoding: "json", bytes, decoded: undefined });
}

function told(said: Point): readonly AnyFact[] {
  return tell(point(said)).facts.map(({ fact }) => fact);
}

const keyOf = (said: Point): string => JSON.stringify(told(said)[0]?.key);

describe("a point of a metric that counts what records tell", () => {
  test("is one count, with its temporality and everything that tells its series from others", () => {
    const [fact, ...others] = told({ attributes: { "gen_ai.request.model": "gpt-x", a: "1" } });
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      class: "integrity",
      ts: "2026-11-23T07:28:06.000000000Z",
      agent: { name: "my-agent" },
      body: {
        kind: "tally",
        detail: {
          metric: "gen_ai.client.inference.usage.input_tokens",
          measure: "input_tokens",
          temporality: "cumulative",
          start: "2026-11-23T07:28:05.000000000Z",
          time: "2026-11-23T07:28:06.000000000Z",
          value: 12,
          tags: ["a=1", "gen_ai.request.model=gpt-x"],
        },
      },
    });
  });

  test("says its temporality as the source did, also where it said none", () => {
    const temporality = (said: number) => {
      const [fact] = told({ temporality: said });
      return fact?.class === "integrity" ? fact.body.detail["temporality"] : undefined;
    };
    expect([0, 1, 2].map(temporality)).toEqual(["unspecified", "delta", "cumulative"]);
  });

  test("is one fact however often it comes, and another for another series, process, start or time", () => {
    const base = keyOf({});
    expect(keyOf({})).toBe(base);
    const others = [
      { attributes: { "gen_ai.request.model": "other" } },
      { resource: { "service.instance.id": "other" } },
      { start: "1795418880000000000" },
      { time: "1795418887000000000" },
    ].map(keyOf);
    expect(new Set([base, ...others]).size).toBe(5);
  });

  test("names its session where a point or its resource does, and nobody's person", () => {
    const onPoint = told({ attributes: { "session.id": "s-1", "user.email": "a@b.example" } });
    expect(onPoint[0]).toMatchObject({ session: "s-1", body: { detail: { tags: [] } } });
    expect(told({ resource: { "session.id": "s-2" } })[0]).toMatchObject({ session: "s-2" });
  });

  test.each([
    ["a fraction of a token", { value: 0.5 }],
    ["less than nothing", { value: -1 }],
    ["more than can be counted", { value: 1e300 }],
    ["no time", { time: "0" }],
    [
      "more attributes than a series has",
      { attributes: Object.fromEntries(Array.from({ length: 40 }, (_, nth) => [`a${nth}`, "x"])) },
    ],
    ["a metric of another meaning", { metric: "gen_ai.client.operation.duration" }],
    ["a kind of token that nobody knows", { metric: "gen_ai.client.token.usage" }],
  ])("with %s is left to be counted by name", (_what, said) => {
    expect(told(said)).toEqual([]);
  });
});
