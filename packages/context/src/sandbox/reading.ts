import type { Body, Fact } from "@custody/model";
import type { z } from "zod";
import { withoutLast } from "../last-units.ts";

/**
 * What one line or document of a runtime says of sandboxes: one or more facts; something else that it tells too, counted by name; or nothing that
 * can be read, with a reason its sender can act on.
 */
export type SandboxReading =
  | { readonly outcome: "told"; readonly facts: readonly Fact<"sandbox">[] }
  | { readonly outcome: "other"; readonly name: string }
  | { readonly outcome: "invalid"; readonly reason: string };

/** What a line lacks and its sender knows: strace lines do not name their container. */
export interface SandboxHints {
  readonly sandbox?: string | undefined;
}

/** One source's words. `claims` looks at the shape alone; `read` never throws for bad input. */
export interface SandboxSource {
  claims(json: Readonly<Record<string, unknown>>): boolean;
  read(json: Readonly<Record<string, unknown>>, text: string, hints: SandboxHints): SandboxReading;
}

/** The label, annotation or metadata key by which whoever starts a sandbox names the session it is for. What runs inside cannot set it. */
const sessionLabel = "custody.session";

type Labels = Readonly<Record<string, unknown>> | null | undefined;

/** The session that a label names. */
export function labelled(labels: Labels): { readonly session?: string } {
  const session = labels?.[sessionLabel];
  return typeof session === "string" && session !== "" && session.length <= 256 ? { session } : {};
}

export function told(...facts: readonly Fact<"sandbox">[]): SandboxReading {
  return { outcome: "told", facts };
}

export function other(name: string): SandboxReading {
  return { outcome: "other", name: name.slice(0, 200) };
}

export function invalid(reason: string): SandboxReading {
  return { outcome: "invalid", reason: reason.slice(0, 300) };
}

/** Reads with a loose schema: sources add members, and what is not listed says nothing of confinement. */
export function parsedBy<T>(
  schema: z.ZodType<T>,
  json: unknown,
  make: (value: T) => SandboxReading,
): SandboxReading {
  const parsed = schema.safeParse(json);
  if (parsed.success) return make(parsed.data);
  const [issue] = parsed.error.issues;
  return invalid(`${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "invalid"}`);
}

/** A body of the class without the members that its source left empty. */
export function bodyOf(
  body: { readonly event: Body<"sandbox">["event"] } & {
    readonly [K in keyof Body<"sandbox">]?: Body<"sandbox">[K] | undefined | null;
  },
): Body<"sandbox"> {
  const given = Object.entries(body).filter(([, value]) => !isEmpty(value));
  return { attested_by: "runtime", ...Object.fromEntries(given) } as unknown as Body<"sandbox">;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

const sockets = /(?:docker|containerd|podman|crio|cri-dockerd)\.sock$/;

/** A socket of a container runtime: whoever reaches it starts what they like, unconfined. */
export function isRuntimeSocket(path: string): boolean {
  return sockets.test(withoutLast(path, "/"));
}

/** Capabilities with which a process is no longer held in. */
const openCapabilities: ReadonlySet<string> = new Set([
  "ALL",
  "SYS_ADMIN",
  "SYS_PTRACE",
  "SYS_MODULE",
  "BPF",
  "DAC_READ_SEARCH",
]);

/** What together says whether a way out was left open on purpose. */
export interface Holes {
  readonly privileged: boolean;
  readonly runtimeSocket: boolean;
  readonly capabilities: readonly string[];
  readonly hostNamespaces: boolean;
  readonly seccomp?: string | undefined;
  /** Paths of the machine itself that are mounted. */
  readonly hostPaths: readonly string[];
}

export function mayEscape(holes: Holes): boolean {
  return (
    holes.privileged ||
    holes.runtimeSocket ||
    holes.hostNamespaces ||
    holes.seccomp === "unconfined" ||
    holes.capabilities.some((name) => openCapabilities.has(name.replace(/^CAP_/, ""))) ||
    holes.hostPaths.some((path) => path === "/" || /^\/(?:proc|sys|dev|etc|root)\/?$/.test(path))
  );
}
