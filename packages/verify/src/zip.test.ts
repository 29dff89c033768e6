import { spawnSync } from "node:child_process";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { utf8Encode } from "@custody/proof";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSignature, sha256 } from "../../../test/support/crypto.ts";
import { crc32 } from "./crc32.ts";
import { makeBundle } from "./small-bundle.test-suite.ts";
import { verifyBundle } from "./verifier.ts";
import { type InflateRaw, openZip } from "./zip.ts";

const inflateRaw: InflateRaw = (packed, size) =>
  new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) }));

/** One file as a header writer sees it; every field may be set to a lie. */
interface Lie {
  readonly name?: string;
  readonly localName?: string;
  readonly plain?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly localFlags?: number;
  readonly size?: number;
  readonly localSize?: number;
  readonly crc?: number;
  readonly attributes?: number;
  readonly extra?: Uint8Array;
  readonly before?: Uint8Array;
  readonly madeBy?: number;
  readonly descriptor?: boolean;
}

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const regular = 0o100644 * 65_536;

function zip(
  lies: readonly Lie[],
  end: { readonly stray?: Uint8Array; readonly comment?: string; readonly count?: number } = {},
): Uint8Array {
  const out: number[] = [];
  const central: number[] = [];
  for (const lie of lies) {
    const name = utf8Encode(lie.name ?? "a.txt");
    const localName = utf8Encode(lie.localName ?? lie.name ?? "a.txt");
    const plain = lie.plain ?? utf8Encode("hello");
    const method = lie.method ?? 0;
    const data = method === 8 ? deflateRawSync(plain) : plain;
    const size = lie.size ?? plain.length;
    const crc = lie.crc ?? crc32(plain);
    const flags = (lie.flags ?? 0) | (lie.descriptor ? 8 : 0);
    const extra = lie.extra ?? new Uint8Array(0);
    out.push(...(lie.before ?? []));
    const offset = out.length;
    const sums = [...u32(crc), ...u32(data.length), ...u32(size)];
    const localSums = lie.descriptor
      ? u32(0).concat(u32(0), u32(0))
      : sums.slice(0, 8).concat(u32(lie.localSize ?? size));
    out.push(
      ...u32(0x04034b50),
      ...u16(20),
      ...u16(lie.localFlags ?? flags),
      ...u16(method),
      ...u32(0),
      ...localSums,
    );
    out.push(...u16(localName.length), ...u16(extra.length), ...localName, ...extra, ...data);
    if (lie.descriptor) out.push(...u32(0x08074b50), ...sums);
    central.push(
      ...u32(0x02014b50),
      ...u16(lie.madeBy ?? 0x031e),
      ...u16(20),
      ...u16(flags),
      ...u16(method),
      ...u32(0),
    );
    central.push(
      ...sums,
      ...u16(name.length),
      ...u16(extra.length),
      ...u16(0),
      ...u16(0),
      ...u16(0),
    );
    central.push(...u32(lie.attributes ?? regular), ...u32(offset), ...name, ...extra);
  }
  out.push(...(end.stray ?? []));
  const start = out.length;
  const count = end.count ?? lies.length;
  const comment = utf8Encode(end.comment ?? "");
  out.push(...central, ...u32(0x06054b50), ...u16(0), ...u16(0), ...u16(count), ...u16(count));
  out.push(...u32(central.length), ...u32(start), ...u16(comment.length), ...comment);
  return Uint8Array.from(out);
}

const readAll = async (bytes: Uint8Array): Promise<[string, string][]> => {
  const bundle = openZip(bytes, { inflateRaw });
  const files: [string, string][] = [];
  for (const path of bundle.paths)
    files.push([path, new TextDecoder().decode(await bundle.read(path))]);
  return files;
};

test("stored, deflated and streamed files come back in the order of the archive", async () => {
  const bytes = zip([
    { name: "b/z.txt" },
    { name: "a.txt", method: 8, plain: utf8Encode("x".repeat(5_000)) },
    { name: "c.txt", method: 8, descriptor: true },
    { name: "empty", plain: new Uint8Array(0) },
  ]);
  expect(await readAll(bytes)).toEqual([
    ["b/z.txt", "hello"],
    ["a.txt", "x".repeat(5_000)],
    ["c.txt", "hello"],
    ["empty", ""],
  ]);
});

test("an archive inside a larger buffer is read from its own first byte", async () => {
  const bytes = zip([{}]);
  const shifted = new Uint8Array(bytes.length + 7);
  shifted.set(bytes, 7);
  expect(await readAll(shifted.subarray(7))).toEqual([["a.txt", "hello"]]);
});

const stray = utf8Encode("hidden");
const unicodePath = Uint8Array.from([...u16(0x7075), ...u16(6), 1, ...u32(0), 0x62]);
const hostile: readonly (readonly [string, string, () => Uint8Array])[] = [
  ["nothing in it", "ZIP_FORMAT", () => new Uint8Array(0)],
  ["no end record", "ZIP_FORMAT", () => zip([{}]).subarray(0, -1)],
  ["a comment behind it", "ZIP_FORMAT", () => zip([{}], { comment: "c" })],
  ["bytes before the first file", "ZIP_STRAY_BYTES", () => zip([{ before: stray }])],
  ["bytes between files", "ZIP_STRAY_BYTES", () => zip([{}, { name: "b", before: stray }])],
  ["bytes before the directory", "ZIP_STRAY_BYTES", () => zip([{}], { stray })],
  [
    "fewer files than its directory holds",
    "ZIP_STRAY_BYTES",
    () => zip([{}, { name: "b" }], { count: 1 }),
  ],
  ["more files than its directory holds", "ZIP_FORMAT", () => zip([{}], { count: 2 })],
  ["two files of one name", "ZIP_DUPLICATE", () => zip([{}, {}])],
  ["two names that differ in case", "ZIP_DUPLICATE", () => zip([{}, { name: "A.TXT" }])],
  ["another name in the local header", "ZIP_HEADER_MISMATCH", () => zip([{ localName: "b.txt" }])],
  ["another size in the local header", "ZIP_HEADER_MISMATCH", () => zip([{ localSize: 4 }])],
  ["other flags in the local header", "ZIP_HEADER_MISMATCH", () => zip([{ localFlags: 0x0800 }])],
  ["two sizes of a stored file", "ZIP_HEADER_MISMATCH", () => zip([{ size: 6 }])],
  ["an absolute path", "ZIP_NAME", () => zip([{ name: "/etc/passwd" }])],
  ["a path that climbs", "ZIP_NAME", () => zip([{ name: "a/../../b" }])],
  ["a path of dots", "ZIP_NAME", () => zip([{ name: ".." }])],
  ["a drive letter", "ZIP_NAME", () => zip([{ name: "C:a" }])],
  ["a backslash", "ZIP_NAME", () => zip([{ name: "a\\b" }])],
  ["a NUL in a name", "ZIP_NAME", () => zip([{ name: "a\u0000b" }])],
  ["a newline in a name", "ZIP_NAME", () => zip([{ name: "a\nb" }])],
  ["a letter beyond ASCII", "ZIP_NAME", () => zip([{ name: "é" }])],
  ["an empty name", "ZIP_NAME", () => zip([{ name: "" }])],
  ["a name of 201 characters", "ZIP_NAME", () => zip([{ name: "a".repeat(201) }])],
  ["a folder", "ZIP_NAME", () => zip([{ name: "a/", plain: new Uint8Array(0) }])],
  ["a symbolic link", "ZIP_LINK", () => zip([{ attributes: 0o120777 * 65_536 }])],
  ["a device", "ZIP_LINK", () => zip([{ attributes: 0o020644 * 65_536 }])],
  ["the DOS folder bit", "ZIP_LINK", () => zip([{ attributes: 0x10 }])],
  ["an encrypted file", "ZIP_ENCRYPTED", () => zip([{ flags: 1 }])],
  ["a file with masked headers", "ZIP_ENCRYPTED", () => zip([{ flags: 0x2000 }])],
  ["an unknown flag", "ZIP_UNSUPPORTED", () => zip([{ flags: 0x0020 }])],
  ["another method", "ZIP_METHOD", () => zip([{ method: 12 }])],
  ["a Unicode path field", "ZIP_UNSUPPORTED", () => zip([{ extra: unicodePath }])],
  [
    "a broken extra field",
    "ZIP_UNSUPPORTED",
    () => zip([{ extra: Uint8Array.of(0x55, 0x54, 9, 0, 1) }]),
  ],
  ["a bomb's ratio", "ZIP_RATIO", () => zip([{ method: 8, plain: new Uint8Array(4_000_000) }])],
];
test.each(hostile)("an archive with %s is refused as it is opened", (_, code, make) => {
  expect(() => openZip(make(), { inflateRaw })).toThrow(expect.objectContaining({ code }));
});

const corrupt: readonly (readonly [string, Lie])[] = [
  ["a false checksum", { crc: 1 }],
  ["more data than it claims", { method: 8, size: 3 }],
  ["less data than it claims", { method: 8, size: 9 }],
];
test.each(corrupt)("a file with %s is refused as it is read", async (_, lie) => {
  const bundle = openZip(zip([lie]), { inflateRaw });
  await expect(bundle.read("a.txt")).rejects.toMatchObject({ code: "ZIP_CRC" });
});

test("a file whose data is no deflate stream is refused as it is read", async () => {
  const bytes = zip([{ method: 8, plain: utf8Encode("hello hello hello") }]);
  bytes.fill(0xff, 36, 40);
  await expect(openZip(bytes, { inflateRaw }).read("a.txt")).rejects.toMatchObject({
    code: "ZIP_CRC",
  });
});

test("a file that is not there is absent", async () => {
  await expect(openZip(zip([{}]), { inflateRaw }).read("b")).rejects.toMatchObject({
    code: "FILE_ABSENT",
  });
});

test("an archive with any byte changed is refused, or read as exactly what it was", async () => {
  const bytes = zip([{ method: 8 }, { name: "b.txt" }]);
  const honest = JSON.stringify(await readAll(bytes));
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 0x80, 0xff]) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ flip;
      const outcome = await readAll(changed).then(
        (files) => JSON.stringify(files),
        (error: unknown) => (error as { code?: string }).code ?? "crash",
      );
      const safe = /^ZIP_/.test(outcome) || outcome === honest;
      expect({ at, flip, outcome, safe }).toMatchObject({ safe: true });
    }
  }
});

test("CRC-32 is that of the ZIP specification for any bytes", () => {
  expect(crc32(utf8Encode("123456789"))).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      let crc = -1;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
      }
      expect(crc32(bytes)).toBe((crc ^ -1) >>> 0);
    }),
  );
});

// A plain Node process, because the test runner's own import conditions reach into yazl's dependencies.
const zipWithYazl = `
  const yazl = require("yazl");
  const archive = new yazl.ZipFile();
  for (const [path, base64] of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    const bytes = Buffer.from(base64, "base64");
    const options = { mtime: new Date(0), mode: 0o100644 };
    if (process.argv[1] === "buffers") archive.addBuffer(bytes, path, options);
    else {
      const stream = { ...options, size: bytes.length, forceDosTimestamp: true };
      archive.addReadStreamLazy(path, stream, (give) => give(null, require("stream").Readable.from([bytes])));
    }
  }
  archive.end();
  archive.outputStream.pipe(process.stdout);
`;

test.each(["buffers", "streams"])(
  "a bundle zipped by yazl from %s opens and verifies",
  async (from) => {
    const { files } = await makeBundle();
    const input = JSON.stringify(
      [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]),
    );
    const made = spawnSync(process.execPath, ["-e", zipWithYazl, from], {
      input,
      maxBuffer: 10_000_000,
    });
    const bundle = openZip(new Uint8Array(made.stdout), { inflateRaw });
    const report = await verifyBundle(bundle, { sha256, checkSignature });
    expect([report.level, report.findings]).toEqual(["self_consistent", []]);
  },
);
