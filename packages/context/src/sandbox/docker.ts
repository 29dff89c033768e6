import type { Fact } from "@custody/model";
import { z } from "zod";
import { timeOf } from "../egress/reading.ts";
import { devcontainerOf } from "./devcontainer.ts";
import {
  bodyOf,
  invalid,
  isRuntimeSocket,
  labelled,
  mayEscape,
  other,
  parsedBy,
  type SandboxReading,
  type SandboxSource,
  told,
} from "./reading.ts";

const text = z.string().nullish();
const labels = z.record(z.string(), z.unknown()).nullish();

/** An event as `docker events --format '{{json .}}'` prints it (Engine API, EventMessage). */
const event = z.looseObject({
  Type: z.string(),
  Action: z.string(),
  Actor: z.looseObject({ ID: z.string(), Attributes: labels }),
  time: z.number().nullish(),
});

/** One container of `docker inspect` (Engine API, ContainerInspect); what is not listed says nothing of its confinement. */
const container = z.looseObject({
  Id: z.string().min(1),
  Image: text,
  State: z.looseObject({
    StartedAt: text,
    FinishedAt: text,
    Running: z.boolean().nullish(),
    ExitCode: z.int().nullish(),
    OOMKilled: z.boolean().nullish(),
  }),
  AppArmorProfile: text,
  Mounts: z
    .array(z.looseObject({ Source: text, Destination: z.string(), RW: z.boolean().nullish() }))
    .nullish(),
  Config: z.looseObject({ Image: text, User: text, Labels: labels }),
  HostConfig: z.looseObject({
    Runtime: text,
    NetworkMode: text,
    PidMode: text,
    IpcMode: text,
    Privileged: z.boolean().nullish(),
    ReadonlyRootfs: z.boolean().nullish(),
    CapAdd: z.array(z.string()).nullish(),
    SecurityOpt: z.array(z.string()).nullish(),
  }),
  NetworkSettings: z
    .looseObject({
      Networks: z
        .record(z.string(), z.looseObject({ IPAddress: text, GlobalIPv6Address: text }).nullish())
        .nullish(),
    })
    .nullish(),
});

type Event = z.output<typeof event>;
type Container = z.output<typeof container>;

/** `docker events`: when containers began, changed and ended. What they are confined to, `docker inspect` says. */
export const dockerEvents: SandboxSource = {
  claims: ({ Type, Action, Actor }) =>
    typeof Type === "string" && typeof Action === "string" && Actor !== undefined,
  read: (json, line) => parsedBy(event, json, (said) => readEvent(said, line)),
};

/** `docker inspect`: the configuration in force, as the engine holds it. */
export const dockerInspect: SandboxSource = {
  claims: ({ Id, HostConfig, State }) =>
    typeof Id === "string" && HostConfig !== undefined && State !== undefined,
  read: (json) => parsedBy(container, json, readContainer),
};

const events: Readonly<Record<string, "start" | "change" | "stop">> = {
  start: "start",
  unpause: "start",
  restart: "start",
  update: "change",
  die: "stop",
  pause: "stop",
};

function readEvent({ Type, Action, Actor, time }: Event, line: string): SandboxReading {
  // Nanoseconds do not fit a number of JSON: they are read off the text.
  const nanos = /"timeNano"\s*:\s*([0-9]{19})/.exec(line)?.[1];
  const ts =
    nanos === undefined
      ? timeOf(String(time ?? ""))
      : timeOf(`${nanos.slice(0, 10)}.${nanos.slice(10)}`);
  if (ts === undefined) return invalid("time: no time of the event");
  const attributes = Actor.Attributes ?? {};
  const [action = ""] = Action.split(":");
  const connected = Type === "network" && (action === "connect" || action === "disconnect");
  if (connected && typeof attributes["container"] === "string") {
    const network = `${action}ed ${String(attributes["name"] ?? "")}`.trim();
    return told(factAt(attributes["container"], "change", ts, { network }));
  }
  if (Type !== "container") return other(`${Type} ${action}`);
  const image = typeof attributes["image"] === "string" ? attributes["image"] : undefined;
  if (action === "oom") {
    const violation = { kind: "memory_limit", result: "killed" };
    return told({ ...factAt(Actor.ID, "violation", ts, { violation }), ...labelled(attributes) });
  }
  const said = Object.hasOwn(events, action) ? events[action] : undefined;
  if (said === undefined) return other(`container ${action}`);
  const code = Number(attributes["exitCode"] ?? Number.NaN);
  const exit_code = Number.isSafeInteger(code) ? code : undefined;
  return told({
    ...factAt(Actor.ID, said, ts, { image, exit_code, reason: action }),
    ...labelled(attributes),
  });
}

function factAt(
  sandbox: string,
  event: "start" | "change" | "stop" | "violation",
  ts: string,
  more: Omit<Parameters<typeof bodyOf>[0], "event">,
): Fact<"sandbox"> {
  return {
    class: "sandbox",
    key: ["docker", sandbox, event, ts],
    ts,
    body: bodyOf({ event, sandbox, runtime: "docker", ...more }),
  };
}

function readContainer(said: Container): SandboxReading {
  const { Id, State, Config } = said;
  const started = State.StartedAt ? timeOf(State.StartedAt) : undefined;
  // An engine writes the year 1 for what did not happen.
  if (started === undefined || started.startsWith("0001")) return other("container not started");
  const start: Fact<"sandbox"> = {
    class: "sandbox",
    ts: started,
    ...labelled(Config.Labels),
    body: bodyOf({
      event: "start",
      sandbox: Id,
      ...confinementOf(said),
      ...devcontainerOf(Config.Labels),
      addresses: addressesOf(said),
      image: Config.Image,
      image_digest: said.Image,
      started_at: started,
    }),
  };
  const ended = State.FinishedAt ? timeOf(State.FinishedAt) : undefined;
  if (State.Running === true || ended === undefined || ended < started) return told(start);
  const stop = factAt(Id, "stop", ended, {
    exit_code: State.ExitCode ?? undefined,
    reason: State.OOMKilled === true ? "oom" : undefined,
  });
  return told(start, { ...stop, ...labelled(Config.Labels) });
}

function confinementOf(said: Container): Partial<Parameters<typeof bodyOf>[0]> {
  const { HostConfig: host, Mounts, AppArmorProfile } = said;
  const mounts = Mounts ?? [];
  const privileged = host.Privileged === true;
  const capabilities = host.CapAdd ?? [];
  const seccomp = privileged ? "unconfined" : optionOf(host.SecurityOpt, "seccomp");
  const runtime_socket = mounts.some(
    ({ Source, Destination }) => isRuntimeSocket(Source ?? "") || isRuntimeSocket(Destination),
  );
  const hostNamespaces = [host.PidMode, host.IpcMode, host.NetworkMode].includes("host");
  const writable = mounts.filter(({ RW }) => RW === true).map(({ Destination }) => Destination);
  const readOnly = host.ReadonlyRootfs === true;
  return {
    mode: privileged
      ? "privileged"
      : readOnly
        ? writable.length > 0
          ? "workspace-write"
          : "read-only"
        : "container",
    backend: host.Runtime ?? undefined,
    runtime: `docker/${host.Runtime ?? "default"}`,
    network: host.NetworkMode ?? undefined,
    user: said.Config.User || "root",
    privileged,
    read_only_root: readOnly,
    writable_roots: readOnly ? writable : ["/", ...writable],
    seccomp: seccomp ?? "default",
    apparmor: AppArmorProfile ?? undefined,
    capabilities,
    mounts: mounts.map(
      ({ Source, Destination, RW }) =>
        `${Source ?? ""}:${Destination}:${RW === true ? "rw" : "ro"}`,
    ),
    runtime_socket,
    escapes_allowed: mayEscape({
      privileged,
      runtimeSocket: runtime_socket,
      capabilities,
      hostNamespaces,
      seccomp,
      hostPaths: mounts.map(({ Source }) => Source ?? ""),
    }),
  };
}

function optionOf(options: readonly string[] | null | undefined, name: string): string | undefined {
  const found = (options ?? []).find(
    (one) => one.startsWith(`${name}=`) || one.startsWith(`${name}:`),
  );
  const value = found?.slice(name.length + 1);
  // A profile is handed over whole: its text is no name.
  return value === undefined || value.length <= 200 ? value : "custom";
}

function addressesOf({ NetworkSettings }: Container): readonly string[] {
  return Object.values(NetworkSettings?.Networks ?? {}).flatMap((network) =>
    [network?.IPAddress, network?.GlobalIPv6Address].filter(
      (address): address is string => typeof address === "string" && address !== "",
    ),
  );
}
