import { type LedgerRecord, millisOf } from "@custody/model";
import { contextLimits } from "./limits.ts";
import { isAgentsOwn } from "./principal.ts";

type Flow = LedgerRecord<"egress">;

/** What flows of one sender have in common. Each depends on its flow alone, so that sets of flows only grow together as more is known. */
export interface FlowTies {
  /** The command execution, as the proxy that carried it numbers them. */
  readonly execution: string | undefined;
  /** The process a sensor saw, unless it had run for so long that it says nothing of one call. */
  readonly process: string | undefined;
  /** Address and port of the client, as any observer saw them. */
  readonly client: string | undefined;
}

/** One teller's ids are not another's: an agent that repeats a sensor's id of a process draws nothing of the sensor's to itself. */
export function tiesOf(flow: Flow): FlowTies {
  const { execution, client } = flow.body;
  const { kind, subject } = flow.src.auth;
  const own = (name: string, id: string): string => JSON.stringify([name, kind, subject, id]);
  const process = recentProcess(flow);
  const isObserved = !isAgentsOwn(flow);
  return {
    execution: execution === undefined ? undefined : own("execution", execution),
    process: process === undefined ? undefined : own("process", process),
    client: isObserved && client !== undefined && hasPort(client) ? `client ${client}` : undefined,
  };
}

function recentProcess({ ts, body }: Flow): string | undefined {
  const { process, process_start: start } = body;
  if (process === undefined || start === undefined) return undefined;
  return millisOf(ts) - millisOf(start) <= contextLimits.joinWindowMs ? process : undefined;
}

/** An address alone is of everything behind it. */
function hasPort(client: string): boolean {
  return /^(?:\[[^\]]+\]|[^:]+):[0-9]{1,5}$/.test(client);
}

/**
 * Flows in groups that anything ties together, in the order given. A flow without a tie stands alone. Any account of a flow ties it: a group that was
 * weighed together once stays together.
 */
export function tiedGroups(
  flows: readonly Flow[],
  accountsOf: (flow: Flow) => readonly Flow[],
): readonly (readonly Flow[])[] {
  const parents = flows.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    for (let up = parents[root]; up !== undefined && up !== root; up = parents[root]) root = up;
    // Everything on the way points at the root from now on, so that no chain grows long.
    for (let on = at; on !== root; ) {
      const up = parents[on] ?? root;
      parents[on] = root;
      on = up;
    }
    return root;
  };
  const firstWith = new Map<string, number>();
  flows.forEach((flow, at) => {
    const ties = accountsOf(flow).map(tiesOf);
    for (const tie of ties.flatMap(({ execution, process, client }) => [
      execution,
      process,
      client,
    ])) {
      if (tie === undefined) continue;
      const first = firstWith.get(tie);
      if (first === undefined) firstWith.set(tie, at);
      else parents[rootOf(at)] = rootOf(first);
    }
  });
  const groups = new Map<number, Flow[]>();
  flows.forEach((flow, at) => {
    const root = rootOf(at);
    const group = groups.get(root);
    if (group) group.push(flow);
    else groups.set(root, [flow]);
  });
  return [...groups.values()];
}
