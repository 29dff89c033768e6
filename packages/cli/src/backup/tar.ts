import { Stop } from "../exit-code.ts";

/** Archives of one file: POSIX ustar, so that `tar` reads them too. Only plain files with modest names: what we write ourselves. */

const block = 512;

export interface TarEntry {
  readonly path: string;
  readonly bytes: number;
}

/** The header of a file. Throws a Stop for a path that ustar has no room for. */
export function tarHeader({ path, bytes }: TarEntry): Buffer {
  const head = Buffer.alloc(block);
  const [prefix, name] = splitPath(path);
  head.write(name, 0, 100, "utf8");
  head.write("0000600\0", 100, "latin1");
  head.write("0000000\0", 108, "latin1");
  head.write("0000000\0", 116, "latin1");
  writeSize(head, bytes);
  head.write("00000000000\0", 136, "latin1");
  head.write("        ", 148, "latin1");
  head.write("0", 156, "latin1");
  head.write("ustar\x0000", 257, "latin1");
  head.write(prefix, 345, 155, "utf8");
  head.write(`${checksum(head).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}

/** Zeros that fill a file's last block. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** Two empty blocks. */
export const tarEnd: Buffer = Buffer.alloc(2 * block);

export const tarBlockBytes: number = block;

/** What a header says; undefined at the end of the archive. Throws a Stop where it is none of ours. */
export function readTarHeader(head: Buffer): TarEntry | undefined {
  if (head.every((byte) => byte === 0)) return undefined;
  const said = Number.parseInt(text(head, 148, 8), 8);
  const plain = Buffer.from(head).fill(" ", 148, 156);
  const isOurs = text(head, 257, 6) === "ustar" && (head[156] === 0x30 || head[156] === 0);
  if (said !== checksum(plain) || !isOurs)
    throw new Stop("no", "this is not an archive of `custody backup`, or it was damaged");
  const prefix = text(head, 345, 155);
  const name = text(head, 0, 100);
  return { path: prefix === "" ? name : `${prefix}/${name}`, bytes: readSize(head) };
}

function splitPath(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name];
  }
  throw new Stop("no", `the name ${path} is too long for an archive; back up to a folder instead`);
}

/** Octal up to 8 GiB, else the binary form that every `tar` of today reads. */
function writeSize(head: Buffer, bytes: number): void {
  const octal = bytes.toString(8);
  if (octal.length <= 11) {
    head.write(`${octal.padStart(11, "0")}\0`, 124, "latin1");
    return;
  }
  head[124] = 0x80;
  head.writeBigUInt64BE(BigInt(bytes), 128);
}

function readSize(head: Buffer): number {
  return head[124] === 0x80
    ? Number(head.readBigUInt64BE(128))
    : Number.parseInt(text(head, 124, 12), 8);
}

function checksum(head: Buffer): number {
  return head.reduce((sum, byte) => sum + byte, 0);
}

function text(head: Buffer, from: number, length: number): string {
  const [value = ""] = head
    .subarray(from, from + length)
    .toString("utf8")
    .split("\0");
  return value;
}
