import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { command, group, printerOf, reading } from "./command.ts";

interface KeyFlags extends ApiFlags {
  readonly json?: boolean;
  readonly kind?: string;
  readonly subject?: string;
  readonly observes?: string;
}

interface ListedKey {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly created: string;
  readonly revoked: string | null;
}

/** `custody keys list|create|revoke` */
export function keysCommand(): Command {
  const keys = group(
    "keys",
    "list, make and revoke keys",
    "custody keys create --kind observer --subject egress-proxy --observes proxy",
  );
  keys.addCommand(
    reading(command("list", "keys without their text", "custody keys list")).action(
      async (flags: KeyFlags) => {
        const printer = printerOf(flags);
        const page = (await createApiClient(flags, process.env).get("/v1/keys")) as {
          items: ListedKey[];
        };
        printer.value(page, () =>
          printer.table(page.items, [
            { head: "ID", cell: (row) => row.id },
            { head: "KIND", cell: (row) => row.kind },
            { head: "SUBJECT", cell: (row) => row.subject },
            { head: "CREATED", cell: (row) => row.created.slice(0, 19) },
            { head: "REVOKED", cell: (row) => row.revoked?.slice(0, 19) ?? null },
          ]),
        );
      },
    ),
  );
  keys.addCommand(
    reading(
      command(
        "create",
        "make a key; its text is shown this once",
        "custody keys create --kind agent --subject laptop-17",
      ),
    )
      .requiredOption(
        "--kind <kind>",
        "agent, observer, authority, reader, investigator, auditor or admin",
      )
      .requiredOption("--subject <subject>", "the device, component or person that holds it")
      .option("--observes <what>", "for an observer: proxy, sandbox_net, sandbox, vcs or inventory")
      .action(async (flags: KeyFlags) => {
        const { kind, subject, observes } = flags;
        const made = (await createApiClient(flags, process.env).post("/v1/keys", {
          kind,
          subject,
          ...(observes === undefined ? {} : { observes }),
        })) as { id: string; key: string };
        printerOf(flags).value(made, () => {
          process.stdout.write(`${made.key}\n`);
          process.stderr.write(`Key ${made.id} for ${subject} (${kind}). It is not shown again.\n`);
        });
      }),
  );
  keys.addCommand(
    reading(command("revoke", "revoke a key for good", "custody keys revoke 3f9c2a"))
      .argument("<id>", "as `custody keys list` shows it")
      .action(async (id: string, flags: KeyFlags) => {
        await createApiClient(flags, process.env).post(
          `/v1/keys/${encodeURIComponent(id)}/revoke`,
          {},
        );
        printerOf(flags).value({ revoked: true }, () => process.stdout.write("Revoked.\n"));
      }),
  );
  return keys;
}
