import { expect, test } from "vitest";
import { packageUses } from "./package-uses.ts";

const told = (command: string): readonly object[] =>
  packageUses("Bash", "exec", JSON.stringify({ command }));

test.each([
  ["npm i left-pad", [{ target: "npm:left-pad" }]],
  ["npm i @acme/cart@2.1.0", [{ target: "npm:@acme/cart@2.1.0", version: "2.1.0" }]],
  ["pnpm add @acme/cart", [{ target: "pnpm:@acme/cart" }]],
  [
    "pip install -i https://user:secret@pypi.example/simple requests==2.32.0",
    [{ target: "pip:requests==2.32.0", version: "2.32.0", registry: "pypi.example" }],
  ],
  [
    "npm install left-pad@1.3.0 --registry=https://npm.example/",
    [{ target: "npm:left-pad@1.3.0", version: "1.3.0", registry: "npm.example" }],
  ],
  ["npm ci", []],
])("%s", (command, uses) => {
  expect(told(command)).toEqual(uses);
});

test("a lock file that is written whole lists its packages, and another file none", () => {
  const registry = "npm.example";
  const source = ["https:/", registry, "left-pad", "-", "left-pad-1.3.0.tgz"].join("/");
  const content = JSON.stringify({
    packages: {
      "": { name: "shop" },
      "node_modules/left-pad": {
        version: "1.3.0",
        resolved: source,
      },
      "node_modules/a/node_modules/@b/c": { version: "2.0.0" },
    },
  });
  const write = (path: string): readonly object[] =>
    packageUses("write_file", "fs", JSON.stringify({ path, content }));
  expect(write("web/package-lock.json")).toEqual([
    { target: "npm:left-pad@1.3.0", version: "1.3.0", registry },
    { target: "npm:@b/c@2.0.0", version: "2.0.0" },
  ]);
  expect(write("web/notes.json")).toEqual([]);
});
