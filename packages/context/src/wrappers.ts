interface Wrapper {
  /** Words of its own that follow its flags. */
  readonly own: number;
  /** Flags that take the next word. */
  readonly values: ReadonlySet<string>;
}

/** Programs that run the one that stands behind them: name, words of their own, flags that take a word. */
const table: readonly (readonly [names: string, own: number, values: string])[] = [
  ["sudo", 0, "-u -g -h -p -C -T -U -D -R -r -t --user --group --host --prompt"],
  ["doas", 0, "-u -C"],
  ["pkexec", 0, "--user"],
  ["env", 0, "-u -C --unset --chdir"],
  ["nohup command exec builtin setsid time unbuffer coproc caffeinate rlwrap", 0, ""],
  ["torsocks torify proxychains proxychains4 dbus-run-session busybox toybox", 0, ""],
  ["nice", 0, "-n --adjustment"],
  ["ionice", 0, "-c -n -p"],
  ["stdbuf", 0, "-i -o -e"],
  ["timeout", 1, "-s -k --signal --kill-after"],
  ["xargs", 0, "-I -n -P -L -d -a -E -s"],
  ["parallel", 0, "-j -I"],
  ["watch", 0, "-n --interval"],
  ["strace ltrace", 0, "-o -e -p -s -E"],
  ["chroot flock taskset gosu su-exec", 1, "-w -E -u -g"],
  ["unshare nsenter firejail systemd-run", 0, "-S -G -t -p --unit"],
];

export const wrappers: ReadonlyMap<string, Wrapper> = new Map(
  table.flatMap(([names, own, values]) =>
    names.split(" ").map((name) => [name, { own, values: new Set(values.split(" ")) }] as const),
  ),
);

/** Words of the shell's grammar that stand before a command. */
export const keywords: ReadonlySet<string> = new Set(
  "if then else elif do while until ! { } ( ) function".split(" "),
);
