import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseChange } from "@custody/context";
import type { Fact } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changeScript,
  createRepository,
  gitAndCurlAreInstalled,
  type Repository,
  reportChange,
} from "../support/git-repository.ts";

// The script of deploy/vcs in real repositories, against a server that keeps what it posts.

const folder = mkdtempSync(join(tmpdir(), "custody-vcs-"));
const posted: { readonly key: string | undefined; readonly fact: Fact<"change"> }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const verdict = parseChange(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    if (verdict.outcome === "ok") {
      posted.push({ key: request.headers.authorization, fact: verdict.fact });
    }
    response.writeHead(verdict.outcome === "ok" ? 200 : 400).end();
  });
});
let env: Readonly<Record<string, string>>;
let work: Repository;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  env = { CUSTODY_URL: `http://127.0.0.1:${port}`, CUSTODY_OBSERVER_KEY: "ck_vcs" };
  work = await createRepository(join(folder, "work"));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!gitAndCurlAreInstalled)("where git and curl are installed", () => {
  test("a commit is told with its files, its trailers and a message of any characters", async () => {
    const message = 'Say "hi" \\ bye\tnow\n\nGrüße.\n\nAgent-Session: s-1\n';
    const files = { "src/a b.ts": "1\n2\n", 'odd"na\\me.ts': "3\n", "grün.bin": "\0\u0001" };
    const revision = await work.commit(files, message);
    await reportChange(work.folder, ["HEAD"], { ...env, CUSTODY_REPO: "acme/shop" });
    const { key, fact } = posted.splice(0)[0] ?? {};
    expect(key).toBe("Bearer ck_vcs");
    expect(fact?.body).toMatchObject({
      event: "commit",
      repo: "acme/shop",
      commit: revision,
      files: 3,
      added: 3,
      removed: 0,
      author_kind: "unknown",
      trailer_sessions: ["s-1"],
      tree_digest: await work.git("rev-parse", "HEAD^{tree}"),
    });
    expect(fact?.content?.["message"]?.trimEnd()).toBe(message.trimEnd());
    const told = JSON.parse(fact?.content?.["files"] ?? "[]") as readonly { path: string }[];
    // git itself quotes a name that has a quote or a backslash.
    expect(told.map(({ path }) => path).sort()).toEqual(
      ['"odd\\"na\\\\me.ts"', "grün.bin", "src/a b.ts"].sort(),
    );
  });

  test("in CI a merge carries its number, who approved it and what its checks said", async () => {
    const head = await work.git("rev-parse", "HEAD");
    await reportChange(work.folder, ["HEAD", "main"], {
      ...env,
      CUSTODY_PR: "42",
      CUSTODY_PR_HEAD: head,
      CUSTODY_REVIEWERS: "bob carol",
      CUSTODY_CHECKS: "test=passed lint=skipped",
      CUSTODY_MERGED_BY: "dora",
      CUSTODY_MERGED_TS: "2026-11-23T10:00:00Z",
    });
    expect(posted.splice(0).map(({ fact }) => fact.body)).toEqual([
      expect.objectContaining({
        event: "merge",
        repo: "work",
        branch: "main",
        protected: true,
        pr: "42",
        reviewers: ["bob", "carol"],
        checks_passed: false,
        merged_by: "dora",
      }),
    ]);
  });

  test("as a post-receive hook it tells each commit of a push, and that history was rewritten", async () => {
    const bare = join(folder, "shop.git");
    execFileSync("git", ["init", "--quiet", "--bare", bare]);
    copyFileSync(changeScript, join(bare, "hooks", "post-receive"));
    const pusher = await createRepository(join(folder, "pusher"), { ...env, USER: "dora" });
    const first = await pusher.commit({ a: "1" }, "One");
    const second = await pusher.commit({ a: "2" }, "Two");
    await pusher.git("push", "--quiet", bare, "main", "HEAD:refs/heads/topic", "HEAD:refs/tags/v1");
    const told = (): readonly unknown[] =>
      posted
        .splice(0)
        .map(({ fact: { body } }) => [
          body.commit,
          body.branch,
          body.protected,
          body.rewritten,
          body.merged_by,
        ])
        .sort((left, right) => String(left[1]).localeCompare(String(right[1])));
    expect(told()).toEqual([
      [first, "main", true, false, "dora"],
      [second, "main", true, false, "dora"],
      [first, "topic", false, false, undefined],
      [second, "topic", false, false, undefined],
    ]);
    await pusher.git("reset", "--quiet", "--hard", first);
    const third = await pusher.commit({ a: "3" }, "Three");
    await pusher.git("push", "--quiet", "--force", bare, "main");
    expect(told()).toEqual([[third, "main", true, true, "dora"]]);
  });

  test("a collector that does not answer fails the CI step and names the commit", async () => {
    const failed = reportChange(work.folder, ["HEAD"], {
      ...env,
      CUSTODY_URL: "http://127.0.0.1:9",
    });
    await expect(failed).rejects.toThrow(/was not reported/);
  });
});
