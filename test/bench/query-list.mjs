/**
 * @typedef {(path: string) => Promise<any>} Get
 * @typedef {{ readonly name: string, targets(get: Get, times: number): Promise<readonly string[]> }} Question
 */

const hourMs = 3_600_000;
/** Copies go back a month from the templates; what is asked for lies in the middle of it. */
const spreadHours = 700;

/** Moments spread over the month, none of them the same. @param {number} times */
function moments(times) {
  const now = Date.now();
  return Array.from({ length: times + 1 }, (_, index) =>
    new Date(now - (index + 0.5) * (spreadHours / (times + 1)) * hourMs).toISOString(),
  );
}

/** One thing of a list in each of `times` hours. @param {Get} get @param {number} times @param {(moment: string) => string} list */
async function spread(get, times, list) {
  const found = [];
  for (const moment of moments(times)) {
    const page = await get(list(moment));
    const [one] = page.items;
    if (one !== undefined) found.push({ ...one, moment });
  }
  return found;
}

const before = (kind) => (moment) => `/v1/${kind}?limit=1&to=${moment}`;
const around = (path) => async (_get, times) => moments(times).map((moment) => path(moment));

/** @type {readonly Question[]} */
export const questions = [
  {
    name: "dossier of an action",
    targets: async (get, times) =>
      (await spread(get, times, before("actions"))).map(({ id }) => `/v1/actions/${id}`),
  },
  {
    name: "session",
    targets: async (get, times) =>
      (await spread(get, times, before("sessions"))).map(({ id }) => `/v1/sessions/${id}`),
  },
  {
    name: "session timeline",
    targets: async (get, times) =>
      (await spread(get, times, before("sessions"))).map(({ id }) => `/v1/sessions/${id}/timeline`),
  },
  {
    name: "trace by id",
    targets: async (get, times) =>
      (await spread(get, times, before("records")))
        .filter(({ record }) => record.trace)
        .map(({ record }) => `/v1/traces/${record.trace}`),
  },
  { name: "newest 100 actions", targets: around((to) => `/v1/actions?to=${to}`) },
  {
    name: "newest 100 actions of a tool",
    targets: around((to) => `/v1/actions?tool=git_commit&to=${to}`),
  },
  {
    name: "newest 100 actions denied",
    targets: around((to) => `/v1/actions?verdict=deny&to=${to}`),
  },
  {
    name: "newest 100 actions with denied egress",
    targets: around((to) => `/v1/actions?egress_action=denied&to=${to}`),
  },
  { name: "newest 100 sessions", targets: around((to) => `/v1/sessions?to=${to}`) },
  {
    name: "investigate a time and a domain",
    targets: async (get, times) =>
      (await spread(get, times, (moment) => `/v1/records?class=egress&limit=1&to=${moment}`)).map(
        ({ record: { ts, body } }) =>
          `/v1/investigate?at=${encodeURIComponent(ts)}&domain=${encodeURIComponent(body.host)}`,
      ),
  },
  {
    name: "investigate a time and a client",
    targets: async (get, times) =>
      (await spread(get, times, (moment) => `/v1/records?class=egress&limit=1&to=${moment}`)).map(
        ({ record: { ts, body } }) =>
          `/v1/investigate?at=${encodeURIComponent(ts)}&host=${encodeURIComponent(body.client ?? "")}`,
      ),
  },
  {
    name: "investigate a time and a principal",
    targets: async (get, times) =>
      (await spread(get, times, (moment) => `/v1/records?class=approval&limit=1&to=${moment}`))
        .filter(({ record }) => record.body.approver)
        .map(
          ({ record: { ts, body } }) =>
            `/v1/investigate?at=${encodeURIComponent(ts)}&principal=${encodeURIComponent(body.approver)}`,
        ),
  },
  {
    name: "investigate a time and a file",
    targets: around((at) => `/v1/investigate?at=${at}&file=${encodeURIComponent("src/index.ts")}`),
  },
  { name: "investigate a time", targets: around((at) => `/v1/investigate?at=${at}`) },
];
