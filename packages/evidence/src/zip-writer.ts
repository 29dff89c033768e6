import type { Readable } from "node:stream";
import { constants, crc32, createDeflateRaw } from "node:zlib";

/** One file of an archive. */
export interface ZipSource {
  /** Plain ASCII, ours. */
  readonly path: string;
  read(): Readable;
}

/** APPNOTE 6.3.10: sizes and checksum follow the data (bit 3); the name is UTF-8 (bit 11), which ASCII is. */
const flags = 0x0808;
const deflated = 8;
const versionNeeded = 20;
/** Made on Unix, so that the mode counts. */
const madeBy = (3 << 8) | 20;
const regularFileMode = (0o100644 << 16) >>> 0;
/** Sizes and offsets of a plain archive are 32 bits wide. */
const bytesMax = 0xffff_fffe;

interface Placed {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
}

/**
 * The bytes of an archive, file after file in the order given. Nothing in them depends on the machine: one time for all files, read as
 * UTC, one mode, one level of compression. Throws a RangeError for what a plain archive cannot hold.
 */
export async function* zipBytes(sources: readonly ZipSource[], time: Date): AsyncGenerator<Buffer> {
  const stamp = dosTime(time);
  const placed: Placed[] = [];
  let offset = 0;
  for (const { path, read } of sources) {
    const name = Buffer.from(path, "ascii");
    const head = localHeader(name, stamp);
    yield head;
    let crc = 0;
    let size = 0;
    let packedSize = 0;
    const deflate = createDeflateRaw({ level: 6, strategy: constants.Z_DEFAULT_STRATEGY });
    const source = read();
    source.on("data", (chunk: Buffer) => {
      crc = crc32(chunk, crc);
      size += chunk.length;
    });
    source.on("error", (error) => deflate.destroy(error));
    for await (const chunk of source.pipe(deflate) as AsyncIterable<Buffer>) {
      packedSize += chunk.length;
      yield chunk;
    }
    yield descriptor(crc, packedSize, size);
    placed.push({ name, offset, crc, packedSize, size });
    offset += head.length + packedSize + descriptorBytes;
    if (offset > bytesMax || size > bytesMax) {
      throw new RangeError(`an archive of more than ${bytesMax} bytes`);
    }
  }
  const directory = Buffer.concat(placed.map((entry) => centralHeader(entry, stamp)));
  yield directory;
  yield endRecord(placed.length, directory.length, offset);
}

interface Stamp {
  readonly time: number;
  readonly date: number;
}

/** ZIP keeps local times without a zone, in steps of two seconds, from 1980 to 2107: ours are those of UTC. */
function dosTime(time: Date): Stamp {
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107);
  return {
    time: (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(),
  };
}

function localHeader(name: Buffer, { time, date }: Stamp): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(versionNeeded, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(deflated, 8);
  head.writeUInt16LE(time, 10);
  head.writeUInt16LE(date, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

const descriptorBytes = 16;

function descriptor(crc: number, packedSize: number, size: number): Buffer {
  const bytes = Buffer.alloc(descriptorBytes);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeUInt32LE(packedSize, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function centralHeader(
  { name, offset, crc, packedSize, size }: Placed,
  { time, date }: Stamp,
): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(madeBy, 4);
  head.writeUInt16LE(versionNeeded, 6);
  head.writeUInt16LE(flags, 8);
  head.writeUInt16LE(deflated, 10);
  head.writeUInt16LE(time, 12);
  head.writeUInt16LE(date, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packedSize, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(regularFileMode, 38);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function endRecord(count: number, directoryBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
