// A person at an approval console, as a process of its own: answers an agent's questions and tells Custody of the answers under that person's key.
// Usage: node approval-desk.mjs '{"collector":"http://…","key":"…","tell":[…],"rules":[…]}'; prints where agents ask.
import { setTimeout } from "node:timers/promises";
import { createApprovalConsole } from "@custody/testkit";

const { collector, key, tell, rules } = JSON.parse(process.argv[2] ?? "{}");

async function approve(body) {
  const answer = await fetch(`${collector}/v1/approvals`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ verdict: "allow", decided_at: new Date().toISOString(), ...body }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()).record_id;
}

/** Answers at once, and gives the verdict only after the command has run. */
async function approveLater({ session, call }, laterMs) {
  await setTimeout(laterMs);
  await approve({ session, call });
}

const told = [];
for (const body of tell) told.push(await approve(body));
const desk = await createApprovalConsole(async (question) => {
  const { session, call, command } = question;
  const rule = rules.find(({ command: word }) => command.includes(word)) ?? {};
  if (rule.later_ms !== undefined) void approveLater(question, rule.later_ms);
  else if (rule.body !== undefined) await approve({ session, call, ...rule.body });
  return { verdict: "allow", approver: "bob" };
});
process.once("SIGTERM", () => void desk.close().then(() => process.exit(0)));
console.log(JSON.stringify({ told, at: desk.urlFor("") }));
