import { z } from "zod";
import { timeOf } from "../egress/reading.ts";
import {
  bodyOf,
  invalid,
  other,
  parsedBy,
  type SandboxHints,
  type SandboxReading,
  type SandboxSource,
  told,
} from "./reading.ts";

/** A line of runsc's debug log with `--debug-log-format=json` and `--strace`. */
const line = z.looseObject({ msg: z.string(), level: z.string().nullish(), time: z.string() });

/** The end of a system call: `[ task: task] process X name(arguments) = result errno=n (words) (duration)`. */
const ended = /^\[[^\]]*\] (\S+) X ([a-z_0-9]{2,30})\((.*)\) = [^=]* errno=([0-9]{1,3}) \(/;

/** What the sentry answered to something that it does not let a container do. */
const refusals: Readonly<Record<string, string>> = { 1: "eperm", 13: "eacces", 30: "erofs" };

/** Calls that change the world outside the process, by what they are a try of. Reads that fail are everyday life. */
const kinds: Readonly<Record<string, string>> = {
  mount: "mount",
  umount2: "mount",
  pivot_root: "mount",
  ptrace: "ptrace",
  process_vm_writev: "ptrace",
  unshare: "ns",
  setns: "ns",
  bpf: "kernel",
  init_module: "kernel",
  finit_module: "kernel",
  kexec_load: "kernel",
  open: "write",
  openat: "write",
  creat: "write",
  unlink: "write",
  unlinkat: "write",
  rename: "write",
  renameat: "write",
  renameat2: "write",
  mkdir: "write",
  mkdirat: "write",
  chmod: "write",
  fchmodat: "write",
  chown: "write",
  fchownat: "write",
};

/** gVisor: system calls that its kernel refused. A line does not name its container; whoever sends the file does (`?sandbox=`), its name has it. */
export const gvisorStrace: SandboxSource = {
  claims: ({ msg, time, level }) =>
    typeof msg === "string" && typeof time === "string" && typeof level === "string",
  read: (json, _text, hints) => parsedBy(line, json, (said) => readLine(said, hints)),
};

function readLine(said: z.output<typeof line>, { sandbox }: SandboxHints): SandboxReading {
  const ts = timeOf(said.time);
  if (ts === undefined) return invalid("time: not an RFC 3339 time");
  const [, , call = "", args = "", errno = ""] = ended.exec(said.msg) ?? [];
  const result = refusals[errno];
  const kind = Object.hasOwn(kinds, call) ? kinds[call] : undefined;
  if (kind === undefined || result === undefined) return other("log line");
  if (call.startsWith("open") && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(args)) {
    return other("refused read");
  }
  if (sandbox === undefined) return invalid("name the container with ?sandbox=");
  return told({
    class: "sandbox",
    ts,
    body: bodyOf({
      event: "violation",
      sandbox,
      runtime: "gvisor",
      backend: "gvisor",
      violation: { kind, target: targetOf(args) ?? call, result },
    }),
  });
}

/** The path among the arguments: `0x… /etc/shadow`, where the sentry could read it. */
function targetOf(args: string): string | undefined {
  return /0x[0-9a-f]+ (\/[^,]{0,1000})/.exec(args)?.[1];
}
