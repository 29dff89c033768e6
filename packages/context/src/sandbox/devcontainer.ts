import { z } from "zod";
import { bodyOf, other, parsedBy, type SandboxSource, told } from "./reading.ts";

/** What `devcontainer up` prints when it is done. */
const up = z.looseObject({
  outcome: z.string(),
  containerId: z.string().min(1),
  remoteUser: z.string().nullish(),
  remoteWorkspaceFolder: z.string().nullish(),
});

/** `devcontainer up`: which container it is, and whom its tools run as. The time is that of receipt: the line has none. */
export const devcontainerUp: SandboxSource = {
  claims: ({ outcome, containerId }) =>
    typeof outcome === "string" && typeof containerId === "string",
  read: (json) =>
    parsedBy(up, json, ({ outcome, containerId, remoteUser, remoteWorkspaceFolder }) => {
      if (outcome !== "success") return other(`devcontainer ${outcome}`);
      return told({
        class: "sandbox",
        key: ["devcontainer", containerId, "up"],
        body: bodyOf({
          event: "change",
          sandbox: containerId,
          runtime: "devcontainer",
          profile: "devcontainer",
          user: remoteUser,
          writable_roots: remoteWorkspaceFolder ? [remoteWorkspaceFolder] : [],
        }),
      });
    }),
};

/** The merged configuration on a container's label: one object, or one for each feature and the file itself. */
const metadata = z.array(z.looseObject({ remoteUser: z.string().nullish() }));

/**
 * What a container's labels say of a dev container: that it is one, and whom its tools run as. What it may do, the engine says itself: a label is only
 * what was asked for.
 */
export function devcontainerOf(labels: Readonly<Record<string, unknown>> | null | undefined): {
  readonly profile?: string;
  readonly user?: string;
} {
  const folder = labels?.["devcontainer.local_folder"];
  const text = labels?.["devcontainer.metadata"];
  if (typeof folder !== "string" && typeof text !== "string") return {};
  const users = entriesOf(text).flatMap(({ remoteUser }) => remoteUser ?? []);
  const user = users.at(-1);
  return { profile: "devcontainer", ...(user === undefined ? {} : { user }) };
}

function entriesOf(text: unknown): z.output<typeof metadata> {
  if (typeof text !== "string") return [];
  try {
    const json: unknown = JSON.parse(text);
    const parsed = metadata.safeParse(Array.isArray(json) ? json : [json]);
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}
