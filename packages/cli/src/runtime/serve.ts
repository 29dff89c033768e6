import type { AddressInfo } from "node:net";
import { createQueryApi } from "@custody/query-api";
import type { Config } from "../config.ts";
import { Stop } from "../exit-code.ts";
import { apiPortsOf } from "./api-ports.ts";
import { drained } from "./drain.ts";
import { collectorOf, openRuntime, type Runtime } from "./runtime.ts";
import { productVersion } from "./version.ts";

/** Where a running product is reached. */
export interface Served {
  readonly otlp: string;
  /** OTLP over gRPC; undefined where it is off. */
  readonly grpc: string | undefined;
  readonly api: string;
  readonly runtime: Runtime;
  /** Stop accepting, drain, seal, publish, close: in that order. */
  close(): Promise<void>;
}

/** Opens everything and listens. */
export async function startServing(data: string, config: Config): Promise<Served> {
  const runtime = await openRuntime(data, config, say);
  const collector = collectorOf(runtime);
  const api = createQueryApi(apiPortsOf(runtime, collector), {
    hosts: config.hosts,
    version: productVersion,
    logLevel: config.log,
  });
  const close = async (): Promise<void> => {
    await drained(collector.app.server, () => collector.close());
    await drained(api.app.server, () => api.close());
    await runtime.close();
  };
  try {
    const otlp = await listen(collector.app, config.host, config.otlp_port, "--otlp-port");
    const grpc =
      config.grpc_port === "off"
        ? undefined
        : await listen(collector.grpc, config.host, config.grpc_port, "--grpc-port");
    const read = await listen(api.app, config.host, config.api_port, "--api-port");
    return { otlp, grpc, api: read, runtime, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs until a signal asks it to end; answers the exit code. */
export async function serve(data: string, config: Config, json: boolean): Promise<number> {
  const served = await startServing(data, config);
  const asked = askedToEnd();
  // Whoever reads the ready line may ask at once.
  announce(served, json);
  await asked;
  await served.close();
  return 0;
}

interface Listening {
  listen(options: { host: string; port: number }): Promise<unknown>;
  readonly server: { address(): AddressInfo | string | null };
}

async function listen(app: Listening, host: string, port: number, flag: string): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "EADDRINUSE"
        ? `port ${port} is taken; choose another with ${flag}`
        : `${host}:${port} cannot be listened on (${code})`;
    throw new Stop("unreachable", why, { cause });
  }
  const address = app.server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

function askedToEnd(): Promise<void> {
  return new Promise((done) => {
    let isAsked = false;
    const stop = (): void => {
      // A second signal ends at once: what was acknowledged is on disk already.
      if (isAsked) process.exit(0);
      isAsked = true;
      done();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}

function announce({ otlp, grpc, api, runtime }: Served, json: boolean): void {
  if (json) {
    const ready = {
      ready: true,
      otlp_http: otlp,
      otlp_grpc: grpc ?? null,
      api,
      data: runtime.data,
      admin_key_file: runtime.adminKeyFile,
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  const lines = [
    "Custody is running.",
    "",
    `  agents send to    ${otlp}   (OTLP over HTTP: traces, logs, metrics)`,
    ...(grpc === undefined ? [] : [`  or over gRPC      ${grpc}`]),
    `  people look at    ${api}   (query API; ${api}/openapi.json)`,
    `  records lie in    ${runtime.data}`,
    `  the admin key is  ${runtime.adminKeyFile}   (it may read content for now: break-glass on loopback)`,
    "",
    "Next:  npx custody connect claude-code     settings that make an agent report here",
    "       npx custody tail                    actions as they arrive",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function say(event: string, fields: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ event, ...fields })}\n`);
}
