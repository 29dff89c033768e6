#!/usr/bin/env node
// Node's pool of four threads starves under a database in the process (measured); this must be set before it is first used.
process.env.UV_THREADPOOL_SIZE ??= "16";
await import("../dist/main.js");
