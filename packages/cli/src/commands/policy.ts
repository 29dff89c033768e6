import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse } from "yaml";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import { command, group, printerOf } from "./command.ts";

interface PolicyFlags extends ApiFlags {
  readonly json?: boolean;
  readonly collector: string;
  readonly effectiveFrom?: string;
  readonly changeRef?: string;
}

const collectorDefault = "http://127.0.0.1:4318";

/** `custody policy put|approve`: proposed by one person's key, approved by another's. */
export function policyCommand(): Command {
  const policy = group(
    "policy",
    "propose and approve policies",
    "custody policy put egress default allow-list.yaml --key $ALICE",
  );
  const writing = (made: Command): Command =>
    made
      .option(
        "--collector <url>",
        "the collector",
        process.env["CUSTODY_COLLECTOR"] ?? collectorDefault,
      )
      .option("--key <key>", "an authority key; default CUSTODY_KEY");
  policy.addCommand(
    writing(
      command(
        "put",
        "propose a new version",
        "custody policy put egress default allow-list.yaml --key $ALICE",
      ),
    )
      .argument(
        "<kind>",
        "egress, approval, sandbox, roles, principals, tiers, agents, agent_policy, components or waivers",
      )
      .argument("<name>", "for example default")
      .argument("<file>", "the document, YAML or JSON")
      .option("--effective-from <time>", "RFC 3339; never counts before the approval was heard")
      .option("--change-ref <ref>", "ticket or pull request")
      .action(async (kind: string, name: string, file: string, flags: PolicyFlags) => {
        const answer = await collector(flags).put(`/v1/policies/${kind}/${name}`, {
          document: document(file),
          ...(flags.effectiveFrom === undefined ? {} : { effective_from: flags.effectiveFrom }),
          ...(flags.changeRef === undefined ? {} : { change_ref: flags.changeRef }),
        });
        show(flags, answer, "proposed; another person approves it with `custody policy approve`");
      }),
  );
  policy.addCommand(
    writing(
      command(
        "approve",
        "approve a version that somebody else proposed",
        "custody policy approve egress default 3 --key $BOB",
      ),
    )
      .argument("<kind>")
      .argument("<name>")
      .argument("<version>")
      .action(async (kind: string, name: string, version: string, flags: PolicyFlags) => {
        const answer = await collector(flags).post(
          `/v1/policies/${kind}/${name}/${version}/approve`,
          {},
        );
        show(
          flags,
          answer,
          "approved; in force from now, or from its stated start if that is later",
        );
      }),
  );
  return policy;
}

function collector(flags: PolicyFlags): ReturnType<typeof createApiClient> {
  return createApiClient({ ...flags, api: flags.collector }, process.env);
}

function document(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Stop("usage", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function show(flags: PolicyFlags, answer: unknown, said: string): void {
  const { version, digest } = answer as { version: number; digest: string };
  printerOf(flags).value(answer, () =>
    process.stdout.write(`Version ${version} (${digest.slice(0, 16)}…) ${said}.\n`),
  );
}
