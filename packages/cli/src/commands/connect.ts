import type { Command } from "commander";
import { agents } from "../connect/agents.ts";
import { Stop } from "../exit-code.ts";
import { command, printerOf } from "./command.ts";

interface ConnectFlags {
  readonly json?: boolean;
  readonly endpoint: string;
  readonly grpcEndpoint: string;
  readonly key?: string;
}

/** `custody connect <agent>`: prints the exact settings that make that agent report here. */
export function connectCommand(): Command {
  return command(
    "connect",
    "print the settings that make an agent report here",
    "custody connect claude-code",
  )
    .argument("<agent>", Object.keys(agents).join(", "))
    .option("--endpoint <url>", "the collector as the agent sees it", "http://127.0.0.1:4318")
    .option("--grpc-endpoint <url>", "the same over gRPC", "http://127.0.0.1:4317")
    .option("--key <key>", "an agent key, where the collector asks for one")
    .action((name: string, flags: ConnectFlags) => {
      const agent = agents[name];
      if (agent === undefined) {
        throw new Stop(
          "usage",
          `${name} is not known here; known: ${Object.keys(agents).join(", ")}. Any agent that speaks OTLP can send to ${flags.endpoint}`,
        );
      }
      const text = agent.text({
        url: flags.endpoint.replace(/\/$/, ""),
        grpc: flags.grpcEndpoint.replace(/\/$/, ""),
        key: flags.key,
      });
      printerOf(flags).value(
        { agent: name, file: agent.file ?? null, text, note: agent.note ?? null },
        () => {
          if (agent.file !== undefined)
            process.stdout.write(`# ${agent.title}: add to ${agent.file}\n`);
          process.stdout.write(`${text}\n`);
          if (agent.note !== undefined) process.stderr.write(`${agent.note}\n`);
        },
      );
    });
}
