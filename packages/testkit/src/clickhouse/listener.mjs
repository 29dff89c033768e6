// A genuine ClickHouse server on loopback, out of the library inside `chdb`, in a process of its own: a test tool, not a product surface.
// The call below blocks this thread for good, so no handler of this process ever runs: whoever started it ends it with SIGKILL.
// The loop is bounded, so that one whose parent died ends by itself.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DataType, load, open } from "ffi-rs";

const [dir, httpPort, tcpPort, seconds, config] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const packages = {
  "darwin-arm64": "@chdb/lib-darwin-arm64",
  "darwin-x64": "@chdb/lib-darwin-x64",
  "linux-x64": "@chdb/lib-linux-x64-gnu",
  "linux-arm64": "@chdb/lib-linux-arm64-gnu",
};
const folder = dirname(
  require.resolve(`${packages[`${process.platform}-${process.arch}`]}/package.json`, {
    paths: [dirname(require.resolve("chdb"))],
  }),
);
const library = ["libchdb.so", "libchdb.dylib"]
  .map((name) => join(folder, name))
  .find((path) => existsSync(path));
if (library === undefined) throw new Error("the chdb package holds no library");

const listen = [
  "SYSTEM START LISTEN HTTP",
  ...(tcpPort === "0" ? [] : ["SYSTEM START LISTEN TCP"]),
  `SELECT sleepEachRow(1) FROM numbers(${Number(seconds)}) SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1, max_execution_time = 0 FORMAT Null`,
].join("; ");
const argv = [
  "clickhouse",
  `--path=${dir}`,
  "--listen_host=127.0.0.1",
  ...(config ? [`--config-file=${config}`] : []),
  "--query",
  listen,
  "--",
  // What follows the dashes is server configuration.
  "--max_server_memory_usage=1000000000",
  "--mark_cache_size=67108864",
  `--http_port=${httpPort}`,
  ...(tcpPort === "0" ? [] : [`--tcp_port=${tcpPort}`]),
];
open({ library: "chdb", path: library });
load({
  library: "chdb",
  funcName: "chdb_query_cmdline",
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
});
