import type { ActionView, Page, SessionView } from "@custody/model";
import type { Truth } from "../captures/truth.ts";
import { type CustodyProcess, eventually } from "./custody-process.ts";

/** A record as the API answers it. */
export interface ToldRecord {
  readonly id: string;
  readonly class: string;
  readonly ledger: string;
  readonly leaf: number;
  readonly sha256: string;
  readonly record: {
    readonly [key: string]: unknown;
    readonly grade: string;
    readonly call?: string;
    readonly session?: string;
    readonly trace?: string;
    readonly span?: string;
    readonly body: Readonly<Record<string, unknown>>;
    readonly attrs?: Readonly<Record<string, string>>;
    readonly src: { readonly auth: { readonly kind: string; readonly subject: string } };
  };
  readonly content?: Readonly<Record<string, string>>;
}

/** What the API says of some sessions, and the answers it was read from. */
export interface Told {
  readonly truth: Truth;
  readonly actions: readonly ActionView[];
  readonly timeline: readonly ToldRecord[];
}

/** Every item of a list, page by page. */
export async function everyItem<T>(custody: CustodyProcess, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const joint = path.includes("?") ? "&" : "?";
    const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
    const page = (await custody.get(`${path}${joint}limit=1000${cursor}`)) as Page<T>;
    items.push(...page.items);
    next = page.next;
  } while (next !== null);
  return items;
}

async function meters(custody: CustodyProcess): Promise<(name: string) => number> {
  const text = await (await fetch(`${custody.otlp}/metrics`)).text();
  return (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
}

/** Waits until everything acknowledged can be read. */
export async function stored(custody: CustodyProcess): Promise<void> {
  await eventually(
    async () => ((await meters(custody))("custody_journal_bytes") === 0 ? true : undefined),
    "everything stored",
  );
}

/** Waits until everything acknowledged can be read and nothing more is concluded from it. */
export async function settled(custody: CustodyProcess, quietMs = 1_500): Promise<void> {
  let known = -1;
  let since = Date.now();
  await eventually(async () => {
    const read = await meters(custody);
    const now = read("custody_records_stored_total");
    const waiting = read("custody_journal_bytes") + read("custody_sessions_detecting");
    if (now !== known || waiting > 0) since = Date.now();
    known = now;
    return Date.now() - since >= quietMs ? true : undefined;
  }, "everything stored and joined");
}

/** The actions of one session, newest first. */
export function actionsOf(
  custody: CustodyProcess,
  session: string,
): Promise<readonly ActionView[]> {
  return everyItem<ActionView>(custody, `/v1/actions?session=${encodeURIComponent(session)}`);
}

/** The facts of a scenario as its sessions, their actions and their timelines tell them; the actions may be those of a list that was read before. */
export async function toldOf(
  custody: CustodyProcess,
  sessions: readonly SessionView[],
  listed?: readonly ActionView[],
): Promise<Told> {
  const actions: ActionView[] = [];
  const timeline: ToldRecord[] = [];
  for (const { id } of sessions) {
    const session = encodeURIComponent(id);
    const own = listed?.filter((action) => action.session === id) ?? (await actionsOf(custody, id));
    actions.push(...own);
    timeline.push(...(await everyItem<ToldRecord>(custody, `/v1/sessions/${session}/timeline`)));
  }
  return { truth: truthOf(sessions, actions, timeline), actions, timeline };
}

function truthOf(
  sessions: readonly SessionView[],
  actions: readonly ActionView[],
  timeline: readonly ToldRecord[],
): Truth {
  const sum = (value: (session: SessionView) => number): number =>
    sessions.reduce((total, session) => total + value(session), 0);
  const mode = sessions.findLast(({ approval_mode }) => approval_mode !== null)?.approval_mode;
  const prompt = sessions.find(({ counts }) => counts.turns > 0)?.fidelity.prompt;
  return {
    // Where an agent only reported that it started, nobody talked to it.
    sessions: sessions.filter(({ conversation }) => conversation).length,
    turns: sum(({ counts }) => counts.turns),
    inferences: sum(({ counts }) => counts.inferences),
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      cached_input: sum(({ tokens }) => tokens.cached_input),
      output: sum(({ tokens }) => tokens.output),
      reasoning: sum(({ tokens }) => tokens.reasoning),
    },
    // A call that was chosen in one session and carried out in another is told by the one that says what became of it.
    tool_calls: [...actions].sort(unknownFirst).map((action) => ({
      call: action.call,
      tool: action.tool,
      status: action.outcome.status,
      ...optional("exit_code", action.outcome.exit_code ?? undefined),
      ...optional("mcp_server", mcpServerOf(action, timeline)),
    })),
    approvals: actions.flatMap(({ call, approvals }) =>
      approvals.map(({ verdict, by, scope }) => ({ call, verdict, by, scope })),
    ),
    egress: actions.flatMap(({ egress }) =>
      egress.map(({ host, port, action }) => ({ host, port, action })),
    ),
    sandbox: actions.flatMap(({ call, sandbox }) =>
      sandbox?.outcome ? [{ call, outcome: sandbox.outcome }] : [],
    ),
    ...optional("prompt", prompt),
    ...optional("approval_mode", mode ?? undefined),
  };
}

function unknownFirst(left: ActionView, right: ActionView): number {
  const rank = ({ outcome }: ActionView): number => (outcome.status === "unknown" ? 0 : 1);
  return rank(left) - rank(right);
}

/** The only fact of a call that no field of an action carries. */
function mcpServerOf(
  { record_ids: own }: ActionView,
  timeline: readonly ToldRecord[],
): string | undefined {
  // A record that names its call by a span is of the action that it was joined to.
  const servers = timeline.flatMap(({ id, class: name, record }) =>
    name === "tool_call" && own.includes(id) ? [record.body["mcp_server"]] : [],
  );
  return servers.find((server): server is string => typeof server === "string");
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}
