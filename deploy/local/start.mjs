// `npm start`: installs, builds, and runs everything on the embedded engine. `npm start -- --demo` shows the whole river once and exits.
import { build, checkNode, install, root, run } from "./steps.mjs";

checkNode();
install();
build();
const args = process.argv.slice(2);
const demo = args.includes("--demo");
const rest = args.filter((arg) => arg !== "--demo");
process.exitCode = run(process.execPath, [
  `${root}/packages/cli/bin/custody.js`,
  demo ? "demo" : "up",
  ...rest,
]);
