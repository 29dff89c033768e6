// Squid's basic authenticator: the password of a session is the first 32 hex digits of HMAC-SHA-256(secret, session id).
// Usage: session-auth.mjs SECRET_FILE     (Squid writes `user password`, percent-encoded, a line each, and reads OK or ERR)
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const secret = readFileSync(process.argv[2] ?? "", "utf8").trim();
if (secret.length < 32) throw new Error("the secret is shorter than 32 characters");

const passwordOf = (session) =>
  createHmac("sha256", secret).update(session).digest("hex").slice(0, 32);

function isRight(line) {
  try {
    const [session = "", password = ""] = line.split(" ").map(decodeURIComponent);
    const [given, wanted] = [Buffer.from(password), Buffer.from(passwordOf(session))];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  } catch {
    // What is not percent-encoding is nobody's password.
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(isRight(line) ? "OK\n" : "ERR\n");
}
