import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Encoding, Signal } from "@custody/otlp";

const root = new URL("../fixtures/captures/", import.meta.url).pathname;
const bodyName = /^\d+-(traces|logs|metrics)\.(pb|json)(\.stored\.gz|\.gz)?$/;

/** One body that a real agent sent, inflated. */
export interface CapturedBody {
  /** `codex/tool-edit/0001-traces.pb`, without the endings of compression. */
  readonly name: string;
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly bytes: Buffer;
  /** The same request as OTLP/JSON, where the capture keeps its decoded form. */
  readonly decoded: Buffer | undefined;
}

export function capturedBodies(): readonly CapturedBody[] {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return paths.flatMap((path) => {
    const match = bodyName.exec(path.slice(path.lastIndexOf("/") + 1));
    if (match === null) return [];
    const signal = signals.find((word) => word === match[1]) ?? "traces";
    const encoding = match[2] === "pb" ? "protobuf" : "json";
    const name = path.replace(/(\.stored)?(\.gz)?$/, "");
    const decoded = inflated(join(root, name.replace(/\.pb$/, ".decoded.json")));
    return [{ name, signal, encoding, bytes: read(join(root, path)), decoded }];
  });
}

const signals: readonly Signal[] = ["traces", "logs", "metrics"];

function read(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

function inflated(path: string): Buffer | undefined {
  const found = [path, `${path}.gz`].find((candidate) => existsSync(candidate));
  return found === undefined ? undefined : read(found);
}
