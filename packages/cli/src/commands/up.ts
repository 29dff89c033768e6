import type { Command } from "commander";
import { checkNotInWorkTree, dataFolder } from "../data-folder.ts";
import { command } from "./command.ts";

interface UpFlags {
  readonly json?: boolean;
  readonly data?: string;
  readonly host?: string;
  readonly otlpPort?: string;
  readonly grpcPort?: string;
  readonly apiPort?: string;
  readonly config?: string;
  readonly rules?: string;
  readonly allowWorkspaceData?: boolean;
}

/** `custody up`: collector and query API in one process on one data folder. */
export function upCommand(): Command {
  return command(
    "up",
    "run collector and query API on one data folder",
    "custody up --data ~/custody-data",
  )
    .option("--data <dir>", "data folder; default CUSTODY_DATA, or ~/.local/state/custody")
    .option("--host <address>", "address to listen on; default 127.0.0.1")
    .option("--otlp-port <port>", "OTLP/HTTP and the other ingest paths; default 4318")
    .option("--grpc-port <port>", "OTLP/gRPC, or `off`; default 4317")
    .option("--api-port <port>", "query API; default 4319")
    .option("--config <file>", "YAML; flags and CUSTODY_* win over it")
    .option("--rules <dir>", "rule files of your own, over those that ship")
    .option("--allow-workspace-data", "let the data folder lie inside a git work tree")
    .action(async (flags: UpFlags) => {
      // The store and the servers are loaded for this command alone: every other one would wait half a second for them.
      const { checkExposure, loadConfig } = await import("../config.ts");
      const config = loadConfig(
        {
          host: flags.host,
          otlp_port: flags.otlpPort,
          grpc_port: flags.grpcPort,
          api_port: flags.apiPort,
          rules: flags.rules,
        },
        process.env,
        flags.config,
      );
      checkExposure(config);
      const data = dataFolder(flags.data, process.env);
      checkNotInWorkTree(data, flags.allowWorkspaceData === true);
      const { serve } = await import("../runtime/serve.ts");
      process.exitCode = await serve(data, config, flags.json === true);
    });
}
