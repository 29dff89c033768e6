import type {
  CandidateSession,
  Evidence,
  Investigation,
  ListedAction,
  LoneFlow,
} from "@custody/query-api";
import type { Printer } from "./printer.ts";
import { printable } from "./table.ts";

/** How a record carries a clue, in words. */
const hows: Readonly<Record<Evidence["how"], string>> = {
  same_host: "the flow's host",
  subdomain: "a subdomain of it",
  arguments: "named in the call's arguments",
  key: "under this key",
  claimed: "claimed by the payload",
  client: "the flow's client",
  approver: "approved it",
  path: "the whole path",
  file_name: "the file's name alone",
  window: "in the window",
};

const listings: Readonly<Record<ListedAction["listed"], string>> = {
  matched: "matches",
  before: "just before a match",
  after: "just after a match",
  nearest: "nearest to that time",
};

/** An investigation as a story: sessions, then what they did in order of time, then what nobody explains. */
export function showInvestigation(told: Investigation, printer: Printer): void {
  const say = (text: string): void => printer.line(printable(text));
  const { asked, sessions, actions, unexplained, next } = told;
  say(`${second(asked.from)} to ${second(asked.to)}, around ${second(asked.at)}${clues(asked)}`);
  if (sessions.length > 0) {
    say("");
    say("Sessions, the best match first");
    for (const [index, session] of sessions.entries()) showSession(session, index + 1, say);
  }
  if (actions.length > 0) {
    say("");
    say("What they did, in order of time");
    for (const action of actions) showAction(action, say);
  }
  if (unexplained.length > 0) {
    say("");
    say("Flows that no call explains");
    for (const flow of unexplained) showFlow(flow, say);
  }
  say("");
  for (const { say: text, path } of next) {
    say(text);
    if (path !== null) say(`  ${path}`);
  }
}

type Say = (text: string) => void;

function clues({ domain, host, file, principal }: Investigation["asked"]): string {
  const given = Object.entries({ domain, host, file, principal });
  return given.map(([name, value]) => (value === null ? "" : `, ${name} ${value}`)).join("");
}

function showSession(session: CandidateSession, place: number, say: Say): void {
  const { id, agent, agent_version: version, principal, started_at: from, last_at: to } = session;
  const who = principal === null ? "" : ` for ${principal}`;
  say(`${place}. ${id}  ${agent} ${version ?? ""}${who}, ${second(from)} to ${second(to)}`);
  for (const one of session.why) say(`   ${reason(one)}`);
}

function showAction({ listed, sure, evidence, action }: ListedAction, say: Say): void {
  const { approvals, egress, outcome, intent } = action;
  const contested = action.contested ? ", contested" : "";
  const mark = listed === "matched" ? "*" : " ";
  say(
    `${mark} ${action.started_at.slice(11, 23)}  ${action.tool}  ${outcome.status}${contested}  T${action.tier}  ${action.id}`,
  );
  if (intent.arguments !== null) say(`    ${short(intent.arguments)}`);
  const allowed = approvals.map(({ verdict, by, approver }) => `${verdict} by ${approver ?? by}`);
  say(`    approval: ${allowed.join(", ") || "none told"}`);
  for (const { host, port, action: verdict, grade, vantage, match } of egress) {
    const source = vantage === null ? grade : `${grade}, ${vantage}`;
    const joined = `${match.method}, ${match.confidence}`;
    say(`    egress: ${host}:${port} ${verdict} (${source}; joined by ${joined})`);
  }
  say(`    listed: ${listings[listed]}${listed === "matched" ? `, ${sure}` : ""}`);
  for (const one of evidence) say(`      ${reason(one)}`);
}

function showFlow(flow: LoneFlow, say: Say): void {
  const port = flow.port === null ? "" : `:${flow.port}`;
  const weakly = flow.explained === "weakly" ? `; only its time speaks for call ${flow.call}` : "";
  const session = flow.session === null ? "no session" : `session ${flow.session}`;
  say(
    `  ${flow.at.slice(11, 23)}  ${flow.host}${port} ${flow.action} (${flow.grade} by ${flow.said_by}; ${session}${weakly})  ${flow.record}`,
  );
}

function reason({ clue, how, class: kind, grade, vantage, at, record, link }: Evidence): string {
  const source = vantage === null ? grade : `${grade}, ${vantage}`;
  const joined = link === null ? "" : `; joined by ${link.method}, ${link.confidence}`;
  return `${clue}: ${hows[how]} (${kind} ${record.slice(0, 8)} at ${at.slice(11, 23)}, ${source}${joined})`;
}

function second(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

const argumentsShownMax = 160;

function short(text: string): string {
  const characters = [...text];
  if (characters.length <= argumentsShownMax) return text;
  return `${characters.slice(0, argumentsShownMax - 1).join("")}…`;
}
