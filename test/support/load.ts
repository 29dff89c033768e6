import { setTimeout as wait } from "node:timers/promises";
import type { MadeCall, MadeRequest } from "./made-requests.ts";

/** What several connections sent and what they were answered, over as many lives of the server as the test gives it. */
export interface Load {
  /** Calls of every request that was answered 200, by `session/call`. */
  readonly acknowledged: ReadonlyMap<string, MadeCall>;
  /** Requests without a 200 so far: refused, or cut off. They are sent again before new ones. */
  readonly unanswered: readonly MadeRequest[];
  /** Every `custody-receipt` header. */
  readonly receipts: readonly string[];
  /** Answers by status; 0 is a connection that ended without one. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Refusals without a Retry-After of whole seconds. */
  readonly withoutRetryAfter: number;
  /** Sends until the server is gone or `stop` answers true. */
  run(otlp: string, stop: () => boolean): Promise<void>;
  /** Sends what is unanswered until nothing is, and some of what was acknowledged once more, as a sender that saw no answer does. */
  settle(otlp: string): Promise<void>;
}

export interface LoadOptions {
  /** The next request to send. */
  readonly make: () => MadeRequest;
  readonly connections: number;
  /** Pause of a connection between two requests. */
  readonly pauseMs: number;
}

export function createLoad({ make, connections, pauseMs }: LoadOptions): Load {
  const acknowledged = new Map<string, MadeCall>();
  const receipts: string[] = [];
  const statuses = new Map<number, number>();
  const unanswered: MadeRequest[] = [];
  const again: MadeRequest[] = [];
  let withoutRetryAfter = 0;

  /** False: the server is gone. */
  const send = async (otlp: string, made: MadeRequest): Promise<boolean> => {
    const answer = await post(otlp, made);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 200) {
      for (const call of made.calls) acknowledged.set(`${call.session}/${call.call}`, call);
      if (answer.receipt !== null) receipts.push(answer.receipt);
      if (receipts.length % 10 === 1) again.push(made);
      return true;
    }
    unanswered.push(made);
    if (answer.status !== 0 && !/^[1-9]\d*$/.test(answer.retryAfter ?? "")) withoutRetryAfter++;
    return answer.status !== 0;
  };

  const lane = async (otlp: string, stop: () => boolean): Promise<void> => {
    while (!stop()) {
      const made = unanswered.shift() ?? make();
      // One request after another: a lane is one connection.
      if (!(await send(otlp, made))) return;
      await wait(pauseMs);
    }
  };

  return {
    acknowledged,
    unanswered,
    receipts,
    statuses,
    get withoutRetryAfter() {
      return withoutRetryAfter;
    },
    async run(otlp, stop) {
      await Promise.all(Array.from({ length: connections }, () => lane(otlp, stop)));
    },
    async settle(otlp) {
      for (let made = unanswered.shift(); made !== undefined; made = unanswered.shift()) {
        if (!(await send(otlp, made))) throw new Error("the server is gone");
      }
      for (const made of again.slice()) await send(otlp, made);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly receipt: string | null;
  readonly retryAfter: string | null;
}

async function post(otlp: string, made: MadeRequest): Promise<Answer> {
  try {
    const response = await fetch(`${otlp}${made.path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(made.gzip === undefined ? {} : { "content-encoding": "gzip" }),
      },
      body: made.gzip === undefined ? made.body : new Uint8Array(made.gzip),
    });
    await response.arrayBuffer();
    const { status, headers } = response;
    return {
      status,
      receipt: headers.get("custody-receipt"),
      retryAfter: headers.get("retry-after"),
    };
  } catch {
    return { status: 0, receipt: null, retryAfter: null };
  }
}
