import { shiftMillis } from "@custody/model";
import { countsByClass, listSessions, rulesFired } from "@custody/storage/queries";
import { z } from "zod";
import type { AccessLog } from "../access.ts";
import { type RuleView, ruleSchema } from "../contract/finding.ts";
import { pageQuery } from "../contract/page.ts";
import { Refusal } from "../errors.ts";
import type { ApiPorts } from "../ports.ts";
import { type Call, type Route, readers } from "../route.ts";
import { askedFor } from "./asked.ts";
import { given } from "./sessions.ts";

const windowQuery = pageQuery.pick({ from: true, to: true });
/** The window where none is named. */
const windowMs = 2_592_000_000;
const dayMs = 86_400_000;
/** Sessions of one page of a replay, and days of its window. */
const replayPage = 100;
const replayDaysMax = 400;

const replayBody = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  cursor: z.string().max(1024).optional(),
  dry_run: z.boolean().default(true),
});
const differing = z.object({
  finding: z.string(),
  rule: z.string(),
  case: z.string(),
  status: z.enum(["open", "withdrawn"]),
  session: z.string().nullable(),
  call: z.string().nullable(),
});

/** Whether the rules see anything: without that, no findings mean nothing. */
export function ruleRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/rules",
      summary:
        "The rules in force, when each last fired, what is open, and whether what it looks at comes at all",
      kinds: readers,
      query: windowQuery,
      answer: z.object({
        from: z.string(),
        to: z.string().nullable(),
        last_replay_at: z.string().nullable(),
        items: z.array(ruleSchema),
        next: z.null(),
      }),
      handle: (call) => ruleHealth(ports, call),
    },
    {
      method: "POST",
      path: "/v1/rules/replay",
      summary:
        "Ask the rules of history again, a page of sessions at a time: nothing is written where nothing differs",
      kinds: ["admin"],
      body: replayBody,
      answer: z.object({
        sessions: z.int(),
        days: z.int(),
        differs: z.array(differing),
        dry_run: z.boolean(),
        next: z.string().nullable(),
      }),
      async handle(call) {
        const asked = replayBody.parse(call.body);
        await access.before(call.principal, {
          action: "admin",
          object: "rules/replay",
          result: "ok",
          detail: { from: asked.from, to: asked.to, dry_run: asked.dry_run },
        });
        return replay(ports, call, asked);
      },
    },
  ];
}

async function ruleHealth(ports: ApiPorts, call: Call) {
  const asked = askedFor(call, ports.reader);
  const query = given(call.query as z.output<typeof windowQuery>);
  const from = query.from ?? shiftMillis(ports.clock.now(), -windowMs);
  const window = { from, ...(query.to === undefined ? {} : { to: query.to }) };
  const [fired, counts, lastReplay] = await Promise.all([
    rulesFired(asked, window),
    countsByClass(asked, window),
    ports.findings.lastReplay(call.principal.tenant),
  ]);
  const items = ports.findings.rules.map((rule): RuleView => {
    const { id, version, title, severity, scopes, inputs } = rule;
    const found = fired.find((one) => one.rule === id && one.version === version);
    const seen = inputs.map((name) => ({ class: name, records: counts[name] ?? 0 }));
    return {
      id,
      version,
      title,
      severity: { ...severity },
      scopes: [...scopes],
      last_fired_at: found?.firedAt ?? null,
      findings: found?.findings ?? 0,
      open: found?.open ?? 0,
      inputs: seen,
      blind: seen.length > 0 && seen.every(({ records }) => records === 0),
    };
  });
  return { from, to: query.to ?? null, last_replay_at: lastReplay, items, next: null };
}

async function replay(ports: ApiPorts, call: Call, asked: z.output<typeof replayBody>) {
  const [from, to] = [asked.from, asked.to].map((text) => new Date(text).toISOString());
  if (from === undefined || to === undefined || from >= to)
    throw new Refusal("bad-request", "body.from: not before body.to");
  const { tenant } = call.principal;
  const window = { from: nine(from), to: nine(to) };
  const page = await listSessions(askedFor(call, ports.reader), {
    ...window,
    limit: replayPage,
    ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }),
  });
  const sessions = page.items.map(({ session }) => session);
  // Days belong to no session: they are looked at once, with the first page.
  const days = asked.cursor === undefined ? daysOf(from, to) : [];
  const whole = { ...window, isLast: page.next === null };
  const differs = await ports.findings.replay(tenant, { sessions, days, ...whole }, asked.dry_run);
  return {
    sessions: sessions.length,
    days: days.length,
    differs: [...differs],
    dry_run: asked.dry_run,
    next: page.next,
  };
}

function daysOf(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from.slice(0, 10)}T00:00:00Z`); at < Date.parse(to); at += dayMs) {
    if (days.length >= replayDaysMax)
      throw new Refusal("bad-request", `body.from: more than ${replayDaysMax} days before body.to`);
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

function nine(text: string): string {
  return `${text.slice(0, 23)}000000Z`;
}
