import type { AddressInfo } from "node:net";
import type { SelfTraces } from "@custody/collector";
import { createQueryApi } from "@custody/query-api";
import type { Config } from "../config.ts";
import { Stop } from "../exit-code.ts";
import { apiPortsOf } from "./api-ports.ts";
import { drained } from "./drain.ts";
import { isOwnEndpoint } from "./own-endpoint.ts";
import { collectorOf, openRuntime, type Runtime } from "./runtime.ts";
import { productVersion } from "./version.ts";
import { systemRandom } from "./world.ts";

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
  await checkTraces(config, [config.otlp_port, config.grpc_port, config.api_port]);
  const runtime = await openRuntime(data, config, say);
  const collector = collectorOf(runtime, await tracesOf(config));
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
    await checkTraces(config, [otlp, grpc, read].map(portOf));
    return { otlp, grpc, api: read, runtime, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The SDK is loaded by whoever asked for traces alone. */
async function tracesOf({ traces_to: url }: Config): Promise<SelfTraces | undefined> {
  if (url === undefined) return undefined;
  const { openSelfTraces } = await import("@custody/collector/self-traces");
  const instance = Buffer.from(systemRandom.bytes(12)).toString("hex");
  return openSelfTraces({ url, version: productVersion, instance });
}

function portOf(url: string | undefined): number {
  return url === undefined ? 0 : Number(new URL(url).port);
}

/** Before anything is opened, and again when free ports are known: a process that told itself of what it is told would never end. */
async function checkTraces(
  { traces_to: url }: Config,
  ports: readonly (number | "off")[],
): Promise<void> {
  const known = ports.flatMap((port) => (port === "off" ? [] : [port]));
  if (url === undefined || !(await isOwnEndpoint(url, known))) return;
  throw new Stop(
    "usage",
    "traces_to leads to this process; traces of Custody itself go to another collector",
  );
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
