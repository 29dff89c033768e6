import type { Fact } from "@custody/model";
import { z } from "zod";
import { timeOf } from "../egress/reading.ts";
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
const flag = z.boolean().nullish();
const words = z.record(z.string(), z.unknown()).nullish();

const security = z
  .looseObject({
    privileged: flag,
    allowPrivilegeEscalation: flag,
    readOnlyRootFilesystem: flag,
    runAsUser: z.int().nullish(),
    runAsNonRoot: flag,
    capabilities: z.looseObject({ add: z.array(z.string()).nullish() }).nullish(),
    seccompProfile: z.looseObject({ type: text }).nullish(),
    appArmorProfile: z.looseObject({ type: text }).nullish(),
  })
  .nullish();

/** A pod as the API server holds it. */
const pod = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: text,
    uid: text,
    creationTimestamp: text,
    labels: words,
    annotations: words,
  }),
  spec: z.looseObject({
    runtimeClassName: text,
    hostNetwork: flag,
    hostPID: flag,
    hostIPC: flag,
    securityContext: security,
    volumes: z
      .array(
        z.looseObject({
          name: z.string(),
          hostPath: z.looseObject({ path: z.string() }).nullish(),
        }),
      )
      .nullish(),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        image: text,
        securityContext: security,
        volumeMounts: z
          .array(z.looseObject({ name: z.string(), mountPath: z.string(), readOnly: flag }))
          .nullish(),
      }),
    ),
  }),
  status: z
    .looseObject({
      phase: text,
      startTime: text,
      podIP: text,
      podIPs: z.array(z.looseObject({ ip: text })).nullish(),
      containerStatuses: z
        .array(z.looseObject({ name: z.string(), containerID: text, imageID: text }))
        .nullish(),
    })
    .nullish(),
});

type Pod = z.output<typeof pod>;
type Container = Pod["spec"]["containers"][number];

/** An event of the core or the events API group, of a pod. */
const event = z.looseObject({
  metadata: z.looseObject({ uid: text, name: text }),
  reason: text,
  message: text,
  involvedObject: words,
  regarding: words,
  lastTimestamp: text,
  eventTime: text,
  firstTimestamp: text,
  deprecatedLastTimestamp: text,
});

export const kubernetesPods: SandboxSource = {
  claims: ({ kind, spec }) => kind === "Pod" && spec !== undefined,
  read: (json) => parsedBy(pod, json, readPod),
};

export const kubernetesEvents: SandboxSource = {
  claims: ({ kind, involvedObject, regarding }) =>
    kind === "Event" && (involvedObject ?? regarding) !== undefined,
  read: (json) => parsedBy(event, json, readEvent),
};

/** One fact for the pod under `namespace/name`, with its addresses, and one for each container under its runtime's id: sensors know either name. */
function readPod(said: Pod): SandboxReading {
  const { metadata, spec, status } = said;
  const started = timeOf(status?.startTime ?? metadata.creationTimestamp ?? "");
  if (started === undefined) return invalid("status.startTime: not an RFC 3339 time");
  const session = labelled({ ...metadata.labels, ...metadata.annotations });
  const name = `${metadata.namespace ?? "default"}/${metadata.name}`;
  const common = {
    runtime: `kubernetes/${spec.runtimeClassName ?? "default"}`,
    started_at: started,
  };
  const ips = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)];
  const whole: Fact<"sandbox"> = {
    class: "sandbox",
    ts: started,
    ...session,
    body: bodyOf({
      event: "start",
      sandbox: name,
      ...common,
      ...confinementOf(said, spec.containers),
      addresses: [...new Set(ips.filter((ip): ip is string => Boolean(ip)))],
    }),
  };
  const parts = spec.containers.flatMap((container): readonly Fact<"sandbox">[] => {
    const state = (status?.containerStatuses ?? []).find((one) => one.name === container.name);
    if (!state?.containerID) return [];
    const own = confinementOf(said, [container]);
    return [
      {
        class: "sandbox",
        ts: started,
        ...session,
        body: bodyOf({
          event: "start",
          sandbox: state.containerID,
          ...common,
          ...own,
          image: container.image,
          image_digest: /sha256:[0-9a-f]{64}/.exec(state.imageID ?? "")?.[0],
        }),
      },
    ];
  });
  return told(whole, ...parts);
}

/** What the containers are confined to together: the weakest of them decides. */
function confinementOf(
  { spec }: Pod,
  containers: readonly Container[],
): Partial<Parameters<typeof bodyOf>[0]> {
  const shared = spec.securityContext;
  const contexts = containers.map(({ securityContext }) => securityContext);
  const privileged = contexts.some((one) => one?.privileged === true);
  const readOnly = contexts.every((one) => one?.readOnlyRootFilesystem === true);
  const capabilities = contexts.flatMap((one) => one?.capabilities?.add ?? []);
  const profiles = contexts.map((one) => one?.seccompProfile?.type ?? shared?.seccompProfile?.type);
  const seccomp = privileged ? "unconfined" : weakest(profiles);
  const users = contexts.map((one) => one?.runAsUser ?? shared?.runAsUser);
  const hostPaths = new Map(
    (spec.volumes ?? []).flatMap(({ name, hostPath }) =>
      hostPath ? [[name, hostPath.path] as const] : [],
    ),
  );
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
  const sources = mounts.flatMap(({ name }) => hostPaths.get(name) ?? []);
  const runtime_socket = sources.some(isRuntimeSocket);
  const writable = mounts.filter((one) => one.readOnly !== true).map(({ mountPath }) => mountPath);
  return {
    mode: privileged
      ? "privileged"
      : readOnly
        ? writable.length > 0
          ? "workspace-write"
          : "read-only"
        : "container",
    backend: spec.runtimeClassName ?? undefined,
    network: spec.hostNetwork === true ? "host" : "pod",
    user: users.every((user) => user !== undefined && user !== null)
      ? users.map(String).join(",")
      : undefined,
    privileged,
    read_only_root: readOnly,
    writable_roots: readOnly ? writable : ["/", ...writable],
    seccomp,
    apparmor: weakest(
      contexts.map((one) => one?.appArmorProfile?.type ?? shared?.appArmorProfile?.type),
    ),
    capabilities,
    mounts: mounts.map(
      ({ name, mountPath, readOnly: isRead }) =>
        `${hostPaths.get(name) ?? name}:${mountPath}:${isRead === true ? "ro" : "rw"}`,
    ),
    runtime_socket,
    escapes_allowed: mayEscape({
      privileged,
      runtimeSocket: runtime_socket,
      capabilities,
      hostNamespaces: [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true),
      seccomp,
      hostPaths: sources,
    }),
  };
}

/** Unconfined where any is or says nothing at all: a pod has no profile that nobody gave it. */
function weakest(types: readonly (string | null | undefined)[]): string {
  if (types.some((type) => !type || type === "Unconfined")) return "unconfined";
  return [...new Set(types)].join(",");
}

const reasons: Readonly<Record<string, "start" | "stop">> = {
  Started: "start",
  Killing: "stop",
  Evicted: "stop",
  Preempted: "stop",
};

function readEvent(said: z.output<typeof event>): SandboxReading {
  const about = said.regarding ?? said.involvedObject ?? {};
  const reason = said.reason ?? "";
  if (about["kind"] !== "Pod" || typeof about["name"] !== "string") return other(`event ${reason}`);
  const time =
    said.eventTime ?? said.lastTimestamp ?? said.deprecatedLastTimestamp ?? said.firstTimestamp;
  const ts = timeOf(time ?? "");
  if (ts === undefined) return invalid("lastTimestamp: no time of the event");
  const pod = `${String(about["namespace"] ?? "default")}/${about["name"]}`;
  const fact = (body: Parameters<typeof bodyOf>[0]): SandboxReading =>
    told({
      class: "sandbox",
      key: ["kubernetes", said.metadata.uid ?? "", pod, reason, ts],
      ts,
      body: bodyOf({ sandbox: pod, runtime: "kubernetes", reason, ...body }),
    });
  const violation = violationOf(reason, said.message ?? "");
  if (violation !== undefined) return fact({ event: "violation", violation });
  const word = Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
  return word === undefined ? other(`event ${reason}`) : fact({ event: word });
}

function violationOf(
  reason: string,
  message: string,
): { kind: string; result: string } | undefined {
  if (/violates PodSecurity/.test(message)) return { kind: "pod_security", result: "denied" };
  if (reason === "OOMKilling" || reason === "OOMKilled")
    return { kind: "memory_limit", result: "killed" };
  return undefined;
}
