import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/cli/bin/custody.js", import.meta.url));

/** @typedef {Awaited<ReturnType<typeof serve>>} Served */

/**
 * `custody up` over a data folder, on ports of its own.
 *
 * @param {string} data
 * @param {{ readonly jobs?: boolean }} [options] without jobs nothing but the questions runs
 */
export async function serve(data, { jobs = true } = {}) {
  const ports = ["--otlp-port", "0", "--grpc-port", "off", "--api-port", "0"];
  const child = spawn(process.execPath, [bin, "up", "--data", data, ...ports, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, CUSTODY_JOBS: String(jobs) },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, "line"), once(child, "exit")]);
  const ready = JSON.parse(typeof line === "string" ? line : "{}");
  if (ready.ready !== true) throw new Error("custody up did not start");
  const key = readFileSync(ready.admin_key_file, "utf8").trim();
  return {
    otlp: ready.otlp_http,
    api: ready.api,
    key,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/**
 * @param {string} url
 * @param {{ readonly key: string, readonly method?: string, readonly body?: string, readonly type?: string }} options
 * @returns {Promise<string>}
 */
export function call(url, { key, method = "GET", body, type = "application/json" }) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { "content-type": type }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => {
        text += part;
      });
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 400)}`));
      });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
