interface Reason {
  readonly family: string;
  readonly sort: "missed" | "wrong";
  /** What the kind's name begins with; the first that fits is taken. */
  readonly begins: string;
  readonly why: string;
}

const missed = (family: string, begins: string, why: string): Reason => {
  return { family, sort: "missed", begins, why };
};
const wrong = (family: string, begins: string, why: string): Reason => {
  return { family, sort: "wrong", begins, why };
};

const byWriting =
  "A command wrote it (redirection, copy, interpreter), or a tool whose arguments are not known to write: the rule reads the files that arguments name.";
const leave =
  "Code from the web that is run at once is no package to this rule; others find what it is.";
const template = "A template of secrets holds none; its name is like that of one that does.";
const scratch =
  "Folders that builds and tests make for themselves are taken for something to lose.";
const unreadCalls =
  "The operator sends no arguments: what ran was harmless, and no record can say so.";
const bySoundOfTime =
  "Nothing but the time ties the flow to the call: kept as a finding of its own case, since a smuggler would look the same.";

/** As far as they were looked into, by hand; the first that fits is taken. */
const reasons: readonly Reason[] = [
  missed(
    "D-APR-02",
    "",
    "A setting had said yes to it: found as D-APR-03, and asked for here by the truth.",
  ),
  missed(
    "D-APR-03",
    "a service",
    "The yes came under an authority's key, and nothing in the record says that a program holds it.",
  ),
  missed(
    "D-APR-04",
    "the command",
    "The authority's digest was made over other arguments; the agent's own yes for the call hides it.",
  ),
  missed(
    "D-APR-04",
    "",
    "The approval names its action by digest, or had ended; the agent's own yes stands beside it.",
  ),
  missed(
    "D-APR-05",
    "",
    "The yeses of one person are weighed by the call's tier, which was below what the rule asks.",
  ),
  missed(
    "D-APR-06",
    "",
    "A script was written first and run by its name: what it holds is not followed.",
  ),
  missed("D-FS-01", "", byWriting),
  missed("D-FS-02", "", byWriting),
  missed(
    "D-INJ-01",
    "",
    "Codex reads pages with a command of its shell, whose output nobody calls foreign; or the act was not the first of its kind.",
  ),
  missed(
    "D-INJ-02",
    "",
    "The page was read with a command of the shell, whose output nobody calls foreign.",
  ),
  missed(
    "D-LOG-01",
    "a verification",
    "The record of a failed run is of a form that nobody writes yet.",
  ),
  missed(
    "D-MCP-01",
    "a name",
    "The server gave itself the very name of an approved one: no record says who stands behind it.",
  ),
  missed("D-MCP-01", "", "The source names no server with the call."),
  missed(
    "D-NET-03",
    "",
    "The sandbox's network part saw it in a form that the rule does not know.",
  ),
  missed("D-PKG-01", "", leave),
  missed(
    "D-RES-01",
    "",
    "The calls were told in a way that is not counted as one failing call, or helpers are not counted.",
  ),
  missed(
    "D-TEL-01",
    "silent",
    "The source numbers nothing, or went silent at its end: a session that is over looks the same.",
  ),
  wrong("D-APR-02", "t3", scratch),
  wrong("D-APR-02", "unread", unreadCalls),
  wrong(
    "D-APR-02",
    "t2",
    "A yes told late, in a session whose clock is wrong, or under a key that changed.",
  ),
  wrong("D-APR-03", "kind: `read .env.example`", template),
  wrong("D-APR-03", "kind: `rm -rf`", scratch),
  wrong("D-APR-03", "kind: `find build`", scratch),
  wrong("D-APR-03", "unread", unreadCalls),
  wrong("D-APR-03", "kind", unreadCalls),
  wrong(
    "D-DST-01",
    "approved",
    "Allowed by an independent person: right, and by the letter of compliance 9.2 a finding.",
  ),
  wrong(
    "D-INJ-01",
    "",
    "Ordinary work with listed hosts after documentation was read: the first contact with a host is a weak sign.",
  ),
  wrong(
    "D-NET-02",
    "",
    "Ordinary listed traffic in the minutes after a secret was read: nobody listed where secrets may go.",
  ),
  wrong("D-NET-04", "weak", bySoundOfTime),
  wrong(
    "D-NET-04",
    "none",
    "Several calls were open, the flow came outside of every call, or Smokescreen's log has no session that is proven.",
  ),
  wrong(
    "D-PKG-01",
    "",
    "`npm ci` of a session whose clock is wrong, or whose yes was told late: the person's yes does not stand.",
  ),
  wrong(
    "D-SEC-01",
    "",
    "Not a read: the incident's command, or a folder made for tests, was taken for one of secrets.",
  ),
  wrong(
    "D-FS-02",
    "",
    "A timer laid for later is tampering all the same; the truth names it as what it sent (D-NET-04) alone.",
  ),
  wrong("D-RES-01", "", "The same failing command over four hours of a patient person."),
];

export function reasonOf(family: string, sort: "missed" | "wrong", name: string): string {
  const known = reasons.find(
    (one) => one.family === family && one.sort === sort && name.startsWith(one.begins),
  );
  return known?.why ?? (name === "other kinds" ? "as above, and single ones" : "not looked into");
}
