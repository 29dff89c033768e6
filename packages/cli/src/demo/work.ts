import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createApprovalConsole,
  createEgressProxy,
  createFakeModelServer,
  createScriptedWorkspace,
  packageMetadata,
  runScriptedAgent,
  type ScriptedResult,
  scriptedSteps,
} from "@custody/testkit";
import type { People } from "./people.ts";

export interface Work {
  readonly result: ScriptedResult;
  /** Lines of the proxy's log, shipped under the proxy's own key. */
  readonly flows: number;
}

/** Lets the scripted agent work once: a model, a repository, a proxy, a person. Everything is real and on loopback. */
export async function letAgentWork(input: {
  readonly people: People;
  readonly otlp: string;
  readonly session: string;
  readonly policyDigest: string;
}): Promise<Work> {
  const { people, otlp, session, policyDigest } = input;
  const registry = await packageRegistry();
  const model = await createFakeModelServer({ steps: scriptedSteps });
  const workspace = await createScriptedWorkspace();
  const proxy = await createEgressProxy({
    allow: ["packages.example"],
    map: { "packages.example": { host: "127.0.0.1", port: registry.port } },
    policyDigest,
  });
  const approvals = await createApprovalConsole(async (question) => {
    // Carol refuses to publish; her own key says so, not the agent.
    await people.carol.post("/v1/approvals", {
      verdict: "deny",
      session: question.session,
      call: question.call,
      tool: question.tool,
      decided_at: new Date().toISOString(),
      requester: "demo-user",
      channel: "console",
    });
    return { verdict: "deny", approver: "carol" };
  });
  try {
    const result = await runScriptedAgent({
      modelUrl: model.url,
      workspace: workspace.folder,
      proxyUrl: proxy.urlFor(session),
      consoleUrl: approvals.urlFor(session),
      session,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp, CUSTODY_KEY: people.agentKey },
    });
    const lines = proxy.lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await people.proxy.post("/v1/egress/ndjson", lines);
    return { result, flows: proxy.lines.length };
  } finally {
    await Promise.all([approvals.close(), proxy.close(), model.close(), registry.close()]);
    await workspace.remove();
  }
}

/** The allowed host: what the proxy maps `packages.example` to. */
async function packageRegistry(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(packageMetadata));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
