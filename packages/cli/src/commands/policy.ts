import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { documentIn } from "../policy-file.ts";
import { command, group, printerOf } from "./command.ts";
import { diffCommand, listCommand, showCommand } from "./policy-read.ts";
import { starterCommand } from "./policy-starter.ts";

interface PolicyFlags extends ApiFlags {
  readonly json?: boolean;
  readonly collector: string;
  readonly effectiveFrom?: string;
  readonly effectiveTo?: string;
  readonly changeRef?: string;
}

const collectorDefault = "http://127.0.0.1:4318";
const proposing = "custody policy propose egress default allow-list.yaml --key $ALICE";

/** `custody policy list|show|propose|approve|diff|starter`: proposed by one person's key, approved by another's. */
export function policyCommand(): Command {
  const policy = group("policy", "list, propose and approve policies", proposing);
  for (const make of [listCommand, showCommand, diffCommand]) policy.addCommand(make());
  policy.addCommand(proposeCommand());
  policy.addCommand(approveCommand());
  policy.addCommand(starterCommand());
  return policy;
}

function proposeCommand(): Command {
  return writing(command("propose", "propose a new version", proposing))
    .alias("put")
    .argument(
      "<kind>",
      "egress, approval, sandbox, roles, principals, tiers, agents, agent_policy, components or waivers",
    )
    .argument("<name>", "for example default; a new version of a name replaces the one before it")
    .argument("<file>", "the document, YAML or JSON")
    .option("--effective-from <time>", "RFC 3339; never counts before the approval was heard")
    .option("--effective-to <time>", "RFC 3339; default: when the document says that it expires")
    .option("--change-ref <ref>", "ticket or pull request")
    .action(async (kind: string, name: string, file: string, flags: PolicyFlags) => {
      const { effectiveFrom, effectiveTo, changeRef } = flags;
      const answer = await collector(flags).put(pathOf(kind, name), {
        document: documentIn(file),
        ...(effectiveFrom === undefined ? {} : { effective_from: effectiveFrom }),
        ...(effectiveTo === undefined ? {} : { effective_to: effectiveTo }),
        ...(changeRef === undefined ? {} : { change_ref: changeRef }),
      });
      show(flags, answer, "proposed; another person approves it with `custody policy approve`");
    });
}

function approveCommand(): Command {
  return writing(
    command(
      "approve",
      "approve the newest version, which somebody else proposed",
      "custody policy approve egress default 3 --key $BOB",
    ),
  )
    .argument("<kind>")
    .argument("<name>")
    .argument("<version>", "as `custody policy show` lists it")
    .action(async (kind: string, name: string, version: string, flags: PolicyFlags) => {
      const path = `${pathOf(kind, name)}/${encodeURIComponent(version)}/approve`;
      const answer = await collector(flags).post(path, {});
      show(flags, answer, "approved; in force from now, or from its stated start if that is later");
    });
}

function writing(made: Command): Command {
  return made
    .option(
      "--collector <url>",
      "the collector",
      process.env["CUSTODY_COLLECTOR"] ?? collectorDefault,
    )
    .option("--key <key>", "an authority key; default CUSTODY_KEY");
}

function pathOf(kind: string, name: string): string {
  return `/v1/policies/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
}

function collector(flags: PolicyFlags): ReturnType<typeof createApiClient> {
  return createApiClient({ ...flags, api: flags.collector }, process.env, "--collector");
}

function show(flags: PolicyFlags, answer: unknown, said: string): void {
  const { version, digest } = answer as { version: number; digest: string };
  printerOf(flags).value(answer, () =>
    process.stdout.write(`Version ${version} (${digest.slice(0, 16)}…) ${said}.\n`),
  );
}
