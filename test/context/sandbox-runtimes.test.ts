import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { confinementText, readSandboxes, type SandboxReading } from "@custody/context";
import type { Body, Fact } from "@custody/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

// What the runtimes of test/fixtures/sandbox/*/SOURCE.md say, entry by entry.

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/sandbox/${name}`, import.meta.url)), "utf8");

type Asked = Parameters<typeof readSandboxes>[1];

const readings = (name: string, asked?: Asked) => [...readSandboxes(fixture(name), asked)];
const facts = (name: string, asked?: Asked): readonly Fact<"sandbox">[] =>
  readings(name, asked).flatMap(({ reading }) => (reading.outcome === "told" ? reading.facts : []));

/** `event session sandbox`, or what else the entry was. */
function said(reading: SandboxReading): string {
  if (reading.outcome === "other") return `other: ${reading.name}`;
  if (reading.outcome === "invalid") return `invalid: ${reading.reason}`;
  return reading.facts
    .map(({ session = "-", body }) => `${body.event} ${session} ${body.sandbox?.slice(0, 22)}`)
    .join(", ");
}
const all = (name: string, asked?: Asked) =>
  readings(name, asked).map(({ reading }) => said(reading));

describe("Docker", () => {
  test("events tell when a container began, changed and ended, and what else they tell is counted", () => {
    expect(all("docker/events.ndjson")).toEqual([
      "other: container create",
      "change - 4f6d8c1a2b3e9a9a9a9a9a",
      "start s-docker 4f6d8c1a2b3e9a9a9a9a9a",
      "other: container exec_create",
      "other: container exec_start",
      "other: container exec_die",
      "violation s-docker 4f6d8c1a2b3e9a9a9a9a9a",
      "stop s-docker 4f6d8c1a2b3e9a9a9a9a9a",
      "change - 4f6d8c1a2b3e9a9a9a9a9a",
      "other: image pull",
    ]);
    const [, start] = facts("docker/events.ndjson");
    expect(start?.ts).toBe("2026-11-23T08:30:00.412345678Z");
    const stop = facts("docker/events.ndjson").find(({ body }) => body.event === "stop");
    expect(stop?.body).toMatchObject({ exit_code: 137, reason: "die" });
  });

  test("inspect tells the configuration in force, and what it leaves open", () => {
    const [confined, open] = facts("docker/inspect.json").map(({ body }) => body);
    expect(confined).toMatchObject({
      event: "start",
      mode: "workspace-write",
      backend: "runc",
      runtime: "docker/runc",
      network: "bridge",
      user: "1000:1000",
      read_only_root: true,
      writable_roots: ["/workspace"],
      seccomp: "default",
      apparmor: "docker-default",
      privileged: false,
      runtime_socket: false,
      escapes_allowed: false,
      addresses: ["172.17.0.2"],
      image: "ghcr.io/example/agent:1.4",
      image_digest: `sha256:${"5e".repeat(32)}`,
      mounts: ["/home/dev/project:/workspace:rw"],
    });
    expect(open).toMatchObject({
      mode: "privileged",
      network: "host",
      user: "root",
      seccomp: "unconfined",
      privileged: true,
      runtime_socket: true,
      escapes_allowed: true,
    });
  });

  test("the digest of a configuration is that of what confines, whatever differs between two starts", () => {
    const [confined, open] = facts("docker/inspect.json").map(({ body }) => body);
    const again: Body<"sandbox"> = {
      ...(confined as Body<"sandbox">),
      addresses: ["172.17.0.9"],
      started_at: "2026-11-24T00:00:00.000000000Z",
      sandbox: "another",
    };
    expect(confinementText(again)).toBe(confinementText(confined as Body<"sandbox">));
    expect(confinementText(open as Body<"sandbox">)).not.toBe(confinementText(again));
    const [began] = facts("docker/events.ndjson").slice(1);
    expect(confinementText(began?.body as Body<"sandbox">)).toBeUndefined();
  });
});

describe("dev containers", () => {
  test("are known by their labels, and whom their tools run as by the merged configuration", () => {
    expect(facts("devcontainer/inspect.json")[0]?.body).toMatchObject({
      profile: "devcontainer",
      user: "vscode",
      capabilities: ["NET_ADMIN", "NET_RAW"],
      mode: "container",
      escapes_allowed: false,
    });
    expect(all("devcontainer/up.ndjson")).toEqual([
      "change - 4f6d8c1a2b3e9a9a9a9a9a",
      "other: devcontainer error",
    ]);
  });
});

describe("Kubernetes", () => {
  test("a pod is told under its own name, with its address, and under its container's id", () => {
    expect(all("kubernetes/pods.json")).toEqual([
      "start s-k8s agents/coder-1, start s-k8s containerd://4f6d8c1a2",
      "start - agents/coder-2, start - containerd://4f6d8c1a2",
    ]);
    const [pod, container, open] = facts("kubernetes/pods.json").map(({ body }) => body);
    expect(pod).toMatchObject({
      runtime: "kubernetes/gvisor",
      backend: "gvisor",
      mode: "workspace-write",
      user: "1000",
      read_only_root: true,
      writable_roots: ["/workspace"],
      seccomp: "RuntimeDefault",
      apparmor: "RuntimeDefault",
      network: "pod",
      addresses: ["10.1.2.3"],
      escapes_allowed: false,
    });
    expect(container).toMatchObject({ image_digest: `sha256:${"6f".repeat(32)}` });
    expect(container?.addresses).toBeUndefined();
    expect(open).toMatchObject({
      mode: "privileged",
      seccomp: "unconfined",
      runtime_socket: true,
      escapes_allowed: true,
    });
  });

  test("events tell of starts, ends and of what the cluster did not admit", () => {
    expect(all("kubernetes/events.ndjson")).toEqual([
      "other: event Pulled",
      "start - agents/coder-1",
      "stop - agents/coder-1",
      "violation - agents/coder-3",
      "other: event SuccessfulCreate",
    ]);
  });
});

test("E2B's events come in both spellings, and its metadata may name the session", () => {
  expect(all("e2b/events.ndjson")).toEqual([
    "start s-e2b i1a2b3c4d5",
    "stop s-e2b i1a2b3c4d5",
    "change - i9",
    "other: sandbox.lifecycle.checkpointed",
  ]);
  expect(facts("e2b/sandboxes.json")[0]).toMatchObject({
    session: "s-e2b",
    body: { event: "start", runtime: "e2b", network: "none", profile: "code-interpreter" },
  });
});

test("gVisor's strace tells what its kernel refused, once the sender names the container", () => {
  expect(all("gvisor/runsc-strace.ndjson", { sandbox: "box-9" })).toEqual([
    "other: log line",
    "violation - box-9",
    "other: refused read",
    "violation - box-9",
    "other: log line",
    "other: log line",
  ]);
  const [write, mount] = facts("gvisor/runsc-strace.ndjson", { sandbox: "box-9" });
  expect(write?.body.violation).toEqual({
    kind: "write",
    target: "/etc/cron.d/x",
    result: "erofs",
  });
  expect(mount?.body.violation).toMatchObject({ kind: "mount", result: "eperm" });
  expect(all("gvisor/runsc-strace.ndjson")[1]).toBe("invalid: name the container with ?sandbox=");
});

test("a source that is named is the only one asked, and what nobody says like this is refused alone", () => {
  expect(all("docker/inspect.json", { source: "e2b" })[0]).toContain("invalid: no runtime says");
  const mixed = `{"a":1}\nnot json\n${fixture("e2b/events.ndjson").split("\n")[0]}\n[1]`;
  const outcomes = [...readSandboxes(mixed)].map(({ line, reading }) => [line, reading.outcome]);
  expect(outcomes).toEqual([
    [1, "invalid"],
    [2, "invalid"],
    [3, "told"],
    [4, "invalid"],
  ]);
});

test("nothing a runtime could send makes a reader throw", () => {
  const bodies = ["docker/inspect.json", "kubernetes/pods.json", "e2b/sandboxes.json"];
  const documents = bodies.flatMap((name) => {
    const json = JSON.parse(fixture(name)) as { items?: unknown[] } | unknown[];
    return Array.isArray(json) ? json : (json.items ?? []);
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(fc.tuple(fc.nat(60), fc.jsonValue()), { maxLength: 5 }),
      (document, changes) => {
        const broken = structuredClone(document) as Record<string, unknown>;
        const members = membersOf(broken);
        for (const [at, value] of changes) {
          const [holder, key] = members[at % members.length] ?? [];
          if (holder !== undefined && key !== undefined) holder[key] = value;
        }
        for (const { reading } of readSandboxes(JSON.stringify(broken))) said(reading);
      },
    ),
    { numRuns: 300 },
  );
  for (const { reading } of readSandboxes("\u0000{")) expect(reading.outcome).toBe("invalid");
});

function membersOf(
  value: unknown,
  found: [Record<string, unknown>, string][] = [],
): [Record<string, unknown>, string][] {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, member] of Object.entries(value)) {
    found.push([value as Record<string, unknown>, key]);
    membersOf(member, found);
  }
  return found;
}
