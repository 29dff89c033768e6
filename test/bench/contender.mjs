import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const threads = "16";

/**
 * A contender is a process of its own, so that its memory and its processor time are its own. It answers one question at a time.
 *
 * @param {string} name of a file in `contenders/`
 * @param {Readonly<Record<string, unknown>>} input
 * @param {readonly string[]} [nodeArgs]
 */
export async function startContender(name, input, nodeArgs = []) {
  const script = fileURLToPath(new URL(`contenders/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [...nodeArgs, script], {
    // Every statement that runs holds a thread of libuv's pool (performance 1.2).
    env: { ...process.env, UV_THREADPOOL_SIZE: threads },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit").then(([code, signal]) => {
    process.removeListener("exit", kill);
    return code ?? signal;
  });
  const answer = async () => {
    const message = once(child, "message").then(([value]) => value);
    const first = await Promise.race([message, ended.then((how) => ({ gone: how }))]);
    if (first.gone !== undefined) throw new Error(`${name} ended with ${first.gone}`);
    if (first.failed !== undefined) throw new Error(`${name}: ${first.failed}`);
    return first.answer;
  };
  /** @param {string} question @param {unknown} [about] */
  const ask = (question, about) => {
    const reply = answer();
    child.send({ question, about });
    return reply;
  };
  const ready = await ask("open", input);
  return {
    ready,
    ask,
    /** Asks for the last numbers; the process then ends by itself. */
    async close() {
      const last = await ask("close");
      child.disconnect();
      const how = await ended;
      if (how !== 0) throw new Error(`${name} ended with ${how}`);
      return last;
    },
  };
}
