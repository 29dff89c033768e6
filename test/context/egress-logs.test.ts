import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type EgressReading, type EgressSource, egressSources, readEgress } from "@custody/context";
import { canonicalText } from "@custody/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

// What the sources of test/fixtures/egress/SOURCE.md log, line by line; the expectations are what was asked of each proxy.

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/egress/${name}`, import.meta.url)), "utf8");

const readings = (source: EgressSource, body: string): readonly EgressReading[] =>
  [...readEgress(source, body)].map(({ reading }) => reading);

/** `session host:port protocol method action`, or what else the line was. */
function said(reading: EgressReading): string {
  if (reading.outcome === "other") return `other: ${reading.name}`;
  if (reading.outcome === "invalid") return `invalid: ${reading.reason}`;
  const { session = "-", body } = reading.fact;
  return [
    session,
    `${body.host}:${body.port}`,
    body.protocol,
    body.method ?? "-",
    body.action,
  ].join(" ");
}

const flows = (source: EgressSource, body: string) =>
  readings(source, body).flatMap((reading) => (reading.outcome === "flow" ? [reading.fact] : []));

describe("Squid's log in our format", () => {
  const body = fixture("squid-custody.log");

  test("says of each request who asked for what and whether it was let through", () => {
    expect(readings("squid", body).map(said)).toEqual([
      "session-42 packages.example:80 http GET allowed",
      "session-42 packages.example:80 http POST allowed",
      "session-42 denied.example:80 http GET denied",
      "session-42 denied.example:443 https_connect CONNECT denied",
      "session-42 packages.example:443 https_connect CONNECT allowed",
      "session-42 packages.example:8443 https_connect CONNECT denied",
      "- packages.example:80 http GET denied",
      "- packages.example:80 http GET denied",
      "- packages.example:80 http GET denied",
      "session-42 nowhere.example:80 http GET denied",
      "- packages.example:80 http GET denied",
      "other: error:invalid-request",
    ]);
  });

  test("a user name that was refused is nobody, though Squid logs it", () => {
    const refused = flows("squid", body).filter(
      ({ body: flow }) => flow.reason === "ERR_CACHE_ACCESS_DENIED",
    );
    expect(refused).toHaveLength(4);
    expect(refused.every(({ session, claimed }) => session === undefined && !claimed)).toBe(true);
  });

  test("paths are content, and a request began its duration before it was logged", () => {
    const [first] = flows("squid", body);
    expect(first).toMatchObject({
      ts: "2026-11-23T12:40:33.968000000Z",
      end: "2026-11-23T12:40:33.974000000Z",
      content: { path: "/left-pad?" },
      body: { bytes_in: 248, bytes_out: 240, client: "127.0.0.1:57006" },
    });
  });

  test("a field that is said twice makes the line nobody's", () => {
    const [line = ""] = body.split("\n");
    const forged = line.replace("peer=", "session=session-7 peer=");
    expect(readings("squid", forged).map(said)).toEqual([
      "invalid: custody/1: session is said twice or has no value",
    ]);
  });
});

describe("Squid's native log", () => {
  const body = fixture("squid-native.log");

  test("says the same flows, of users that are no sessions", () => {
    expect(readings("squid", body).map(said)).toEqual([
      "- packages.example:80 http GET allowed",
      "- packages.example:80 http POST allowed",
      "- denied.example:80 http GET denied",
      "- denied.example:443 https_connect CONNECT denied",
      "- packages.example:443 https_connect CONNECT allowed",
      "- packages.example:8443 https_connect CONNECT denied",
      "- packages.example:80 http GET denied",
      "invalid: not a line of the format `squid` (10 fields), nor of `custody/1`",
      "- packages.example:80 http GET denied",
      "- nowhere.example:80 http GET denied",
      "- packages.example:80 http GET denied",
      "other: error:invalid-request",
    ]);
    expect(flows("squid", body).flatMap(({ claimed }) => claimed?.["proxy.user"] ?? [])).toEqual(
      Array.from({ length: 7 }, () => "session-42"),
    );
  });
});

test("a HAR has no verdicts: what is in it went through, with the header that names a session", () => {
  const found = flows("har", fixture("mitmproxy.har"));
  expect(found.map(({ body }) => [body.host, body.port, body.method, body.action])).toEqual([
    ["127.0.0.1", 8081, "GET", "allowed"],
    ["127.0.0.1", 8081, "POST", "allowed"],
  ]);
  expect(found.map(({ attrs }) => attrs?.["proxy.session_header"])).toEqual([
    "session-42",
    undefined,
  ]);
  expect(found.map(({ session }) => session)).toEqual([undefined, undefined]);
  expect(found[0]?.content).toEqual({ path: "/left-pad?token=abc" });
});

const made: readonly (readonly [EgressSource, readonly string[]])[] = [
  [
    "smokescreen",
    [
      "other: starting",
      "- packages.example:8000 http - allowed",
      "- denied.example:443 https_connect - denied",
      "other: CANONICAL-PROXY-CN-CLOSE",
    ],
  ],
  [
    "envoy",
    [
      "- packages.example:80 http GET allowed",
      "- denied.example:443 https_connect CONNECT denied",
      // The upstream's own 403: the proxy let it through.
      "- packages.example:8080 http POST allowed",
      "- tls.example:443 tcp - denied",
      "invalid: no time under start_time, timestamp, time",
    ],
  ],
  [
    "hubble",
    [
      "- denied.example:443 tcp - denied",
      "- packages.example:80 http GET allowed",
      "other: reply",
      "other: ingress",
    ],
  ],
  [
    "tetragon",
    [
      "other: process_exec",
      "- 192.0.2.9:443 tcp - allowed",
      "- 2001:db8::9:4444 tcp - denied",
      "other: process_kprobe tcp_close",
      "other: process_kprobe security_file_permission",
    ],
  ],
  ["falco", ["- 192.0.2.9:4444 tcp - allowed", "other: rule Read sensitive file untrusted"]],
  [
    "ocsf",
    [
      "- denied.example:443 tcp - denied",
      "- packages.example:80 http GET allowed",
      "- packages.example:53 dns - allowed",
      "other: class_uid 1007",
    ],
  ],
];

test.each(made)(
  "%s: each line of its shape is a flow, something else, or a fault",
  (source, want) => {
    expect(readings(source, fixture(`${source}.ndjson`)).map(said)).toEqual(want);
  },
);

test("what joins a flow to a session and a call is kept: process, sandbox, client, rule", () => {
  const tetragon = flows("tetragon", fixture("tetragon.ndjson")).map(({ body }) => body);
  expect(tetragon[0]).toMatchObject({
    process: "dzE6MTAwMDo0Mg==",
    parent_process: "dzE6MTAwMDo0MQ==",
    process_start: "2026-11-23T10:00:00.900000000Z",
    sandbox: "containerd://abc",
    client: "10.0.0.8:40000",
    rule: "watch-connect",
    via: "sandbox_net",
  });
  expect(tetragon[1]).toMatchObject({ client: "[2001:db8::8]:51234", sandbox: "abc" });
  const [falco] = flows("falco", fixture("falco.ndjson"));
  expect(falco?.body).toMatchObject({
    sandbox: "abc",
    client: "10.0.0.8:40000",
    process: "42@1795428000900000000",
    parent_process: "41@1795427990000000000",
    process_start: "2026-11-23T10:00:00.900000000Z",
  });
  const [ocsf] = flows("ocsf", fixture("ocsf.ndjson"));
  expect(ocsf?.body).toMatchObject({
    sandbox: "sbx-7",
    client: "10.0.0.8:40000",
    process: "42@1795428000900",
    parent_process: "41@1795427990000",
    process_start: "2026-11-23T10:00:00.900000000Z",
  });
  const [hubble] = flows("hubble", fixture("hubble.ndjson"));
  expect(hubble?.body).toMatchObject({
    sandbox: "agents/coder-9b649846d-bxqfc",
    client: "10.0.1.235:60524",
    rule: "coder-egress",
    reason: "POLICY_DENY",
  });
  const [smokescreen] = flows("smokescreen", fixture("smokescreen.ndjson"));
  expect(smokescreen).toMatchObject({
    ts: "2026-11-23T10:00:01.082352000Z",
    attrs: { "proxy.session_header": "session-42", "smokescreen.project": "agents" },
    body: { rule: "coder", client: "[::1]:57632" },
  });
});

test("envoy: the name in the TLS greeting is kept beside the one that was asked for, and not where it is the proxy's own or all there is", () => {
  const line = (more: object): string =>
    JSON.stringify({ start_time: "2026-11-23T10:00:01.123Z", response_code: 200, ...more });
  const names = [
    { method: "GET", authority: "front.example", requested_server_name: "Behind.example" },
    { method: "GET", authority: "same.example", sni: "same.example" },
    { method: "GET", authority: "plain.example", requested_server_name: "-" },
    { method: "CONNECT", authority: "far.example:443", requested_server_name: "proxy.example" },
    { requested_server_name: "tls.example" },
  ];
  expect(flows("envoy", names.map(line).join("\n")).map(({ attrs }) => attrs)).toEqual([
    { "tls.client.server_name": "behind.example" },
    { "tls.client.server_name": "same.example" },
    undefined,
    undefined,
    undefined,
  ]);
});

test.each(egressSources)(
  "%s: no text makes its reader throw, or say what has no canonical form",
  (source) => {
    const lines = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.json(),
      fc
        .tuple(fc.constantFrom(...fixtureLines(source)), fc.nat(), fc.string({ maxLength: 3 }))
        .map(([line, at, edit]) => {
          const place = line.length === 0 ? 0 : at % line.length;
          return line.slice(0, place) + edit + line.slice(place + 1);
        }),
    );
    fc.assert(
      fc.property(lines, (line) => {
        for (const fact of flows(source, line)) canonicalText(fact.body);
      }),
      { numRuns: 500, seed: 20261123 },
    );
  },
);

function fixtureLines(source: EgressSource): readonly string[] {
  if (source === "har") return [fixture("mitmproxy.har")];
  if (source === "squid") return fixture("squid-custody.log").split("\n");
  return source === "ndjson" ? ["{}"] : fixture(`${source}.ndjson`).split("\n");
}
