import { spawn } from "node:child_process";
import type { Signer } from "@custody/proof";
import { checkSignature } from "./ed25519.ts";
import { LedgerError } from "./errors.ts";

export interface SignerCommand {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** 32 bytes: what the command's key must verify with. */
  readonly publicKey: Uint8Array;
  readonly timeoutMs: number;
}

const outputBytesMax = 4_096;

/**
 * A key that another program keeps: the message goes to its standard input, 64 raw bytes or their base64 come back on its
 * standard output. An answer that does not verify is refused, so a wrong or replaced key stops the log instead of splitting it.
 */
export function createCommandSigner({ command, publicKey, timeoutMs }: SignerCommand): Signer {
  return {
    publicKey,
    async sign(message) {
      const signature = parseSignature(await run(command, message, timeoutMs));
      if (signature !== undefined && checkSignature({ publicKey, message, signature }))
        return signature;
      throw new LedgerError("SIGNATURE", "the signer's answer is no signature of the log's key");
    },
  };
}

function run(
  [program, ...args]: SignerCommand["command"],
  input: Uint8Array,
  timeoutMs: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], timeout: timeoutMs });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (message: string, cause?: unknown): void =>
      reject(new LedgerError("SIGNATURE", message, { cause }));
    child.on("error", (cause) => fail("the signer cannot be started", cause));
    // A program that ends without reading closes the pipe: its exit says what happened.
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= outputBytesMax) chunks.push(chunk);
      else child.kill();
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else fail(`the signer ended with ${signal ?? code}`);
    });
    child.stdin.end(input);
  });
}

function parseSignature(output: Buffer): Uint8Array | undefined {
  if (output.length === 64) return output;
  const text = output.toString("latin1").trim();
  return /^[A-Za-z0-9+/]{86}==$/.test(text) ? Buffer.from(text, "base64") : undefined;
}
