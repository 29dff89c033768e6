import { randomBytes } from "node:crypto";
import type { ApiClient } from "../../api-client.ts";
import { Stop } from "../../exit-code.ts";
import type { AttackAnswer, Attacker } from "./attacker.ts";
import type { AttackRequest, ClaimAttempt, DoorAttempt, Evidence, Scene, Sign } from "./attempt.ts";
import { claimAttempts } from "./claim-attempts.ts";
import { doorAttempts } from "./door-attempts.ts";
import type { AttackRow, Outcome } from "./outcome.ts";
import { always } from "./signs.ts";
import { createWitness, type Witness } from "./witness.ts";

export interface AttackReport {
  readonly session: string;
  readonly attempts: readonly AttackRow[];
}

/** Sent, and not judged yet. */
interface Sent {
  readonly attempt: ClaimAttempt;
  readonly attacker: Attacker;
  readonly scene: Scene;
  readonly how: readonly AttackRequest[];
  readonly answers: readonly AttackAnswer[];
}

/** Tries everything under each credential, then reads back what was made of what was taken. */
export async function attack(
  attackers: readonly Attacker[],
  reader: ApiClient | undefined,
): Promise<AttackReport> {
  const session = `doctor-attack-${randomBytes(8).toString("hex")}`;
  const turnedAway: AttackRow[] = [];
  const sent: Sent[] = [];
  const speakers = await speaking(attackers);
  for (const attacker of attackers) {
    const suffix = attacker.as.replace(" ", "-");
    const sceneOf = (name: string): Scene => ({
      session,
      call: `${name}-${suffix}`,
      trace: randomBytes(16).toString("hex"),
      at: Date.now(),
    });
    for (const attempt of doorAttempts) {
      turnedAway.push(await tryDoor(attempt, attacker, sceneOf(attempt.name)));
    }
    const victim = speakers.find(({ as }) => as !== attacker.as) ?? attacker;
    for (const attempt of claimAttempts) {
      sent.push(await say(attempt, attacker, victim, sceneOf(attempt.name)));
    }
  }
  const witness = reader && createWitness(reader, session);
  await witness?.heard(
    new Map(sent.map(({ scene, answers }) => [scene.trace, answers.filter(isTaken).length])),
  );
  return { session, attempts: [...turnedAway, ...sent.map((one) => judged(one, witness))] };
}

/** Those whom the collector lets speak at all. A key that it does not take would make every attempt look refused. */
async function speaking(attackers: readonly Attacker[]): Promise<readonly Attacker[]> {
  const probe = { to: "collector", method: "POST", path: "/v1/traces", body: {} } as const;
  const answers = await Promise.all(attackers.map((attacker) => attacker.send(probe)));
  for (const [at, { as }] of attackers.entries()) {
    if (as === "no key" || isTaken(answers[at])) continue;
    throw new Stop(
      "refused",
      `the agent key is not taken (${answers[at]?.said}); \`custody keys create --kind agent --subject <device>\` makes one`,
    );
  }
  return attackers.filter((_, at) => isTaken(answers[at]));
}

const isTaken = (answer: AttackAnswer | undefined): boolean =>
  answer !== undefined && answer.status >= 200 && answer.status < 300;
const isRefused = ({ status }: AttackAnswer): boolean => status === 401 || status === 403;

async function tryDoor(attempt: DoorAttempt, attacker: Attacker, scene: Scene): Promise<AttackRow> {
  const request = attempt.request(scene);
  const answer = await attacker.send(request);
  const isAbsent = attempt.unbuilt === true && answer.status === 404;
  const outcome: Outcome = isTaken(answer)
    ? "succeeded"
    : isRefused(answer) || isAbsent
      ? "refused"
      : "unclear";
  return {
    ...rowOf(attempt, attacker, [request], [answer]),
    call: null,
    outcome,
    ok: outcome === "refused",
    said: isAbsent ? `${answer.said}: no such path here` : answer.said,
    records: [],
  };
}

async function say(
  attempt: ClaimAttempt,
  attacker: Attacker,
  victim: Attacker,
  scene: Scene,
): Promise<Sent> {
  const how = attempt.says(scene);
  const answers: AttackAnswer[] = [];
  for (const saying of how) {
    answers.push(await (saying.as === "victim" ? victim : attacker).send(saying));
  }
  return { attempt, attacker, scene, how, answers };
}

function judged({ attempt, attacker, scene, how, answers }: Sent, witness?: Witness): AttackRow {
  const row = { ...rowOf(attempt, attacker, how, answers), call: scene.call };
  const last = answers.at(-1);
  if (last !== undefined && isRefused(last)) {
    return { ...row, outcome: "refused", ok: true, said: last.said, records: [] };
  }
  const strange = answers.find((answer) => !isTaken(answer));
  if (strange !== undefined) {
    return { ...row, outcome: "unclear", ok: false, said: strange.said, records: [] };
  }
  if (witness === undefined) {
    const said = "taken; no key to read back what was made of it";
    return { ...row, outcome: "unchecked", ok: true, said, records: [] };
  }
  const evidence = witness.evidence(scene);
  const records = evidence.records.map(({ id }) => id);
  if (records.length < answers.length) {
    const said = `${records.length} of ${answers.length} record(s) can be read; is the reading key of the same tenant?`;
    return { ...row, outcome: "unclear", ok: false, said, records };
  }
  return { ...row, ...verdictOn(attempt, evidence), records };
}

function verdictOn(
  { signs }: ClaimAttempt,
  evidence: Evidence,
): Pick<AttackRow, "outcome" | "ok" | "said"> {
  const missing = (asked: readonly Sign[]): readonly string[] =>
    asked.filter(({ holds }) => !holds(evidence)).map(({ shows }) => shows);
  const absent = [...missing(always), ...missing(signs)];
  if (absent.length > 0)
    return { outcome: "succeeded", ok: false, said: `not so: ${absent.join("; ")}` };
  const said = ["reported", ...signs.map(({ shows }) => shows)].join("; ");
  return { outcome: "claim", ok: true, said };
}

function rowOf(
  { name, tries, comes }: DoorAttempt | ClaimAttempt,
  { as }: Attacker,
  how: readonly AttackRequest[],
  answers: readonly AttackAnswer[],
): Pick<AttackRow, "name" | "tries" | "comes" | "as" | "how" | "answers"> {
  return {
    name,
    tries,
    comes,
    as,
    how: how.map(({ method, path }) => `${method} ${path}`),
    answers: answers.map(({ said }) => said),
  };
}
