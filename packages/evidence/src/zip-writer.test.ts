import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inflateRawSync } from "node:zlib";
import { openZip } from "@custody/verify";
import { afterEach, expect, test } from "vitest";
import { zipBytes } from "./zip-writer.ts";

const files: readonly (readonly [string, string])[] = [
  ["README.txt", "read me\n"],
  ["empty.txt", ""],
  ["records/tool_call.jsonl", '{"i":1,"c":"x"}\n'.repeat(20_000)],
];

async function packed(time: string): Promise<Buffer> {
  const sources = files.map(([path, text]) => ({
    path,
    read: () => Readable.from([Buffer.from(text)]),
  }));
  const chunks: Buffer[] = [];
  for await (const chunk of zipBytes(sources, new Date(time))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test("the same files are the same bytes in every time zone, also at a time that a zone skips", async () => {
  const digests = new Set<string>();
  for (const name of ["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Chatham"]) {
    process.env["TZ"] = name;
    digests.add(
      createHash("sha256")
        .update(await packed("2026-03-08T02:30:00Z"))
        .digest("hex"),
    );
  }
  expect(digests.size).toBe(1);
});

test("a verifier and Python's own zipfile read back what was packed, and the time as UTC", async () => {
  const bytes = await packed("2026-11-03T04:05:06Z");
  const opened = openZip(bytes, {
    inflateRaw: (data, size) => inflateRawSync(data, { maxOutputLength: size + 1 }),
  });
  expect(opened.paths).toEqual(files.map(([path]) => path));
  for (const [path, text] of files)
    expect(Buffer.from(await opened.read(path)).toString()).toBe(text);
  const folder = mkdtempSync(join(tmpdir(), "custody-zip-"));
  writeFileSync(join(folder, "a.zip"), bytes);
  const script =
    "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nfor i in z.infolist(): print(i.filename,i.file_size,i.date_time,oct(i.external_attr>>16))";
  const listed = execFileSync("python3", ["-c", script, join(folder, "a.zip")]).toString();
  rmSync(folder, { recursive: true });
  expect(listed.trimEnd().split("\n")).toEqual(
    files.map(([path, text]) => `${path} ${text.length} (2026, 11, 3, 4, 5, 6) 0o100644`),
  );
});
