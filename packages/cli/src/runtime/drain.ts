import type { Server } from "node:http";

/** How long open requests may take to finish; what is unanswered then was not acknowledged, and its sender comes again. */
const drainMsMax = 10_000;
const lookMs = 50;

/**
 * Closes a server: no new connections, open requests finish. A connection that was busy when the close began stays open for its client's next
 * request, which would be refused: it is closed as soon as it is idle, or the end would wait for the longest keep-alive.
 */
export async function drained(server: Server, close: () => Promise<void>): Promise<void> {
  const look = setInterval(() => server.closeIdleConnections(), lookMs);
  const cut = setTimeout(() => server.closeAllConnections(), drainMsMax);
  try {
    await close();
  } finally {
    clearInterval(look);
    clearTimeout(cut);
  }
}
