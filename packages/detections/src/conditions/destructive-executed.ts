import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import type { ProgramUse } from "../evidence.ts";
import { timeOf } from "../record-order.ts";
import type { CallStory } from "../story.ts";

const word = z.string().min(1).max(120);
const parametersSchema = z.strictObject({
  /**
   * Programs with words of theirs, in order, and operands of which one must stand; an empty list of operands asks for none. `@system` stands for a
   * system's folders and people's homes, `@device` for a disk.
   */
  commands: z
    .array(
      z.strictObject({
        program: word,
        words: z.array(word).max(8),
        operands: z.array(word).max(50),
      }),
    )
    .min(1)
    .max(100),
  /** Lower case, one blank between words. */
  statements: z.array(word).max(50),
  /** Programs whose words are text, and run no statement in it. */
  sayers: z.array(word).max(50),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * A command ran that destroys more than its work. `unapproved`: in an environment declared to be production, or without a yes;
 * `approved`: with one; `unread`: the arguments are not to be read, and the classifier's word is all there is.
 */
export const destructiveExecuted: Condition = condition({
  cases: ["unapproved", "approved", "unread"],
  inputs: ["tool_call"],
  parameters: parametersSchema,
  find: (story, parameters) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed") return [];
      const destroys = judged(call, parameters);
      if (destroys === "no") return [];
      const approved = call.production !== true && standingFor(call, story).length > 0;
      const named = approved ? ("approved" as const) : ("unapproved" as const);
      return [
        {
          case: destroys === "unread" ? ("unread" as const) : named,
          at: timeOf(call.anchor),
          call: call.call,
          refs: [call.anchor.id],
        },
      ];
    }),
});

function judged(call: CallStory, parameters: Parameters): "yes" | "no" | "unread" {
  if (call.programs === undefined) return call.risk.has("destructive") ? "unread" : "no";
  const { commands, statements, sayers } = parameters;
  const found = call.programs.some(
    (use) =>
      commands.some((command) => isCommand(use, command)) ||
      (!sayers.includes(use.program) && use.words.some((text) => holdsStatement(text, statements))),
  );
  const onDisk = (call.paths ?? []).some(({ path, access }) => access === "write" && isDisk(path));
  return found || onDisk ? "yes" : "no";
}

function isCommand(
  { program, words }: ProgramUse,
  command: Parameters["commands"][number],
): boolean {
  if (program !== command.program) return false;
  const said = words.flatMap(spread);
  let next = 0;
  for (const one of said) if (one === command.words[next]) next++;
  if (next < command.words.length) return false;
  const operands = new Set(words.filter((one) => !one.startsWith("-")).map(withoutEnd));
  if (command.operands.length === 0) return true;
  return command.operands.some((one) => {
    const kind = kinds.get(one);
    return kind === undefined ? operands.has(one) : [...operands].some(kind);
  });
}

const kinds: ReadonlyMap<string, (operand: string) => boolean> = new Map([
  ["@system", isSystem],
  ["@device", (operand) => isDisk(operand.replace(/^of=/, ""))],
]);

const systems: ReadonlySet<string> = new Set(
  "bin boot data dev etc lib lib64 opt proc root sbin srv sys usr var home users".split(" "),
);
const scratch = ["/var/tmp", "/var/folders", "/private/tmp"];

/** A folder of the system at any depth, a home itself, or a drive; what a person keeps below a home may be a workspace. */
function isSystem(path: string): boolean {
  if (/^[a-z]:\\?(?:users\\[^\\]+\\?)?$/i.test(path)) return true;
  if (!path.startsWith("/") || scratch.some((one) => path.startsWith(one))) return false;
  const [first = "", ...rest] = path.split("/").filter((part) => part !== "");
  if (!systems.has(first.toLowerCase())) return false;
  const isHomes = /^(?:home|users|opt|srv|data)$/i.test(first);
  return isHomes ? rest.length <= 1 : true;
}

function isDisk(path: string): boolean {
  return /^\/dev\/(?:sd|hd|nvme|vd|xvd|disk|mapper\/)/.test(path);
}

/** `-rf` is also `-r` and `-f`. */
function spread(text: string): readonly string[] {
  if (!/^-[A-Za-z]{2,8}$/.test(text)) return [text];
  return [text, ...[...text.slice(1)].map((flag) => `-${flag}`)];
}

/** `~/` is `~`; the root stays what it is. */
function withoutEnd(text: string): string {
  return text.length > 1 && text.endsWith("/") ? text.slice(0, -1) : text;
}

function holdsStatement(text: string, statements: readonly string[]): boolean {
  if (statements.length === 0 || !text.includes(" ")) return false;
  const folded = text.toLowerCase().split(/\s+/).join(" ");
  const isUnbounded = /^\W*delete from \S+(?: \W*)?$/.test(folded);
  return isUnbounded || statements.some((statement) => folded.includes(statement));
}
