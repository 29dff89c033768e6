import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeBatch } from "@custody/model";

/**
 * A store of one file a leaf: an insert that is cut short leaves some rows, as a real one does, and doing it again adds the rest.
 * @param {string} dir
 * @param {(step: string) => void} onStep
 */
export function openRowFolder(dir, onStep = () => undefined) {
  const folder = (origin) => join(dir, Buffer.from(origin).toString("hex"));
  const leaves = (origin) =>
    existsSync(folder(origin))
      ? readdirSync(folder(origin))
          .filter((name) => !name.includes("."))
          .sort()
      : [];
  const row = (origin, name) => JSON.parse(readFileSync(join(folder(origin), name), "utf8"));
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  return {
    async insert(file) {
      const { ledger, rows } = decodeBatch(await readFile(file.path));
      mkdirSync(folder(ledger), { recursive: true });
      for (const [index, { leaf, sha, id, claim, canonical }] of rows.entries()) {
        const path = join(folder(ledger), String(leaf).padStart(16, "0"));
        if (existsSync(path)) continue;
        const text = Buffer.from(canonical).toString("utf8");
        writeFileSync(
          `${path}.tmp`,
          JSON.stringify({ leaf, sha: hex(sha), id: hex(id), claim: hex(claim), text }),
        );
        renameSync(`${path}.tmp`, path);
        if (index === Math.floor(rows.length / 2)) onStep("store.half");
      }
      return { outcome: "stored" };
    },
    async insertAll(files) {
      for (const file of files) {
        const verdict = await this.insert(file);
        if (verdict.outcome !== "stored") return verdict;
      }
      return { outcome: "stored" };
    },
    async storedSize(origin) {
      return Number(leaves(origin).at(-1) ?? -1) + 1;
    },
    async canonical(origin, leaf) {
      const name = String(leaf).padStart(16, "0");
      return leaves(origin).includes(name) ? Buffer.from(row(origin, name).text) : undefined;
    },
    async recentClaims({ origin }) {
      return leaves(origin).map((name) => row(origin, name));
    },
    rows: (origin) => leaves(origin).map((name) => row(origin, name)),
    origins: () =>
      (existsSync(dir) ? readdirSync(dir) : []).map((name) => Buffer.from(name, "hex").toString()),
  };
}
