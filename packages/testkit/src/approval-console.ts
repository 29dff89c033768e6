import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What an agent asks a person before a risky command. */
export interface ApprovalQuestion {
  readonly session: string;
  readonly call: string;
  readonly tool: string;
  readonly command: string;
}

export interface ApprovalAnswer {
  readonly verdict: "allow" | "deny";
  readonly approver: string;
}

export interface DecidedQuestion extends ApprovalQuestion, ApprovalAnswer {
  readonly at: string;
}

export interface ApprovalConsole {
  /** Where one session's agent posts its questions: the address names the session, the agent does not. */
  urlFor(session: string): string;
  readonly decided: readonly DecidedQuestion[];
  close(): Promise<void>;
}

/** The place where a person answers an agent's questions; `answer` is that person. */
export async function createApprovalConsole(
  answer: (question: ApprovalQuestion) => ApprovalAnswer | Promise<ApprovalAnswer>,
): Promise<ApprovalConsole> {
  const decided: DecidedQuestion[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const asked: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      const { call, tool, command } = asked as Record<string, string | undefined>;
      const session = decodeURIComponent((request.url ?? "").split("/")[2] ?? "");
      const question = { session, call: call ?? "", tool: tool ?? "", command: command ?? "" };
      const given = await answer(question);
      decided.push({ ...question, ...given, at: new Date().toISOString() });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(given));
    })().catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    urlFor: (session) =>
      `http://127.0.0.1:${port}/sessions/${encodeURIComponent(session)}/questions`,
    decided,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
