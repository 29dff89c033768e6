/** @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, and the smallest and largest of the rounds. @param {readonly (number | undefined)[]} values @param {(value: number) => string} form */
function spread(values, form) {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value));
  if (known.length === 0) return undefined;
  const ends =
    known.length === 1 ? "" : `  (${form(Math.min(...known))} to ${form(Math.max(...known))})`;
  return `${form(median(known))}${ends}`;
}

const thousands = (value) => `${(value / 1_000).toFixed(2)} k/s`;
const times = (value) => `${value.toFixed(2)} x`;
const micros = (value) => `${value.toFixed(0)} us`;
const millis = (value) => `${value.toFixed(0)} ms`;
const megabytes = (value) => `${(value / 1_048_576).toFixed(0)} MiB`;
const percent = (value) => `${(value * 100).toFixed(0)} %`;

/** Rows of the table: what, over which rounds' values, in which form, and its goal. */
const lines = (items) => [
  ["Custody, spans acknowledged", (r) => (items / r.custody.acknowledgedMs) * 1_000, thousands],
  ["Custody, spans acknowledged and queryable", (r) => queryable(items, r.custody), thousands],
  ["Custody, records queryable", (r) => queryable(r.custody.rows, r.custody), thousands],
  ["Obvious pipeline, spans queryable", (r) => queryable(items, r.naive), thousands],
  ["Engine alone, records, parts as Custody's", (r) => engineRate(r.engine?.alike), thousands],
  ["Engine alone, records, one statement", (r) => engineRate(r.engine?.bulk), thousands],
  ["Batch files alone, records", (r) => engineRate(r.journal), thousands],
  [
    "Custody / engine alone, parts as Custody's",
    (r) => over(queryable(r.custody.rows, r.custody), engineRate(r.engine?.alike)),
    times,
    "goal 0.60",
  ],
  [
    "Custody / engine alone, one statement",
    (r) => over(queryable(r.custody.rows, r.custody), engineRate(r.engine?.bulk)),
    times,
  ],
  [
    "Custody / batch files alone",
    (r) => over(queryable(r.custody.rows, r.custody), engineRate(r.journal)),
    times,
  ],
  [
    "Batch files alone / engine alone, parts as Custody's",
    (r) => over(engineRate(r.journal), engineRate(r.engine?.alike)),
    times,
  ],
  [
    "Custody / obvious pipeline",
    (r) => over(queryable(items, r.custody), queryable(items, r.naive)),
    times,
    "goal 3.50",
  ],
  [
    "Custody / obvious pipeline, acknowledged only",
    (r) => over((items / r.custody.acknowledgedMs) * 1_000, queryable(items, r.naive)),
    times,
  ],
  [
    "Custody / engine alone by processor time, parts as Custody's",
    (r) =>
      over(
        each(r.engine?.alike.cpuMs, r.engine?.alike.rows),
        each(r.custody.cpuMs, r.custody.rows),
      ),
    times,
  ],
  [
    "Custody / obvious pipeline by processor time",
    (r) => over(each(r.naive?.cpuMs, items), each(r.custody.cpuMs, items)),
    times,
  ],
  ["Custody, processor time a span", (r) => (r.custody.cpuMs / items) * 1_000, micros],
  ["Custody, of it the main thread", (r) => each(r.custody.mainThreadCpuMs, items), micros],
  ["Obvious pipeline, processor time a span", (r) => each(r.naive?.cpuMs, items), micros],
  [
    "Batch files alone, processor time a record",
    (r) => each(r.journal?.cpuMs, r.journal?.rows),
    micros,
  ],
  [
    "Engine alone, processor time a record",
    (r) => each(r.engine?.alike.cpuMs, r.engine?.alike.rows),
    micros,
  ],
  ["Custody, main thread busy", (r) => r.custody.mainThreadBusy, percent],
  ["Custody, request to 200, p50", (r) => quantile(r.custody.latenciesMs, 0.5), millis],
  ["Custody, request to 200, p95", (r) => quantile(r.custody.latenciesMs, 0.95), millis],
  ["Custody, acknowledged to queryable, p50", (r) => lag(r.custody.lags, 0.5), millis],
  ["Custody, acknowledged to queryable, p95", (r) => lag(r.custody.lags, 0.95), millis],
  ["Custody, largest resident memory", (r) => r.custody.rssPeakBytes, megabytes, "goal 1.2 GB"],
  ["Obvious pipeline, largest resident memory", (r) => r.naive?.rssPeakBytes, megabytes],
  ["Custody, requests told to wait", (r) => r.custody.refused, (value) => `${value}`],
];

const queryable = (count, run) =>
  run === undefined ? undefined : (count / run.queryableMs) * 1_000;
const engineRate = (run) => (run === undefined ? undefined : (run.rows / run.tookMs) * 1_000);
const over = (one, other) => (one === undefined || other === undefined ? undefined : one / other);
const each = (ms, count) => (ms === undefined ? undefined : (ms / count) * 1_000);

/** Of records, not of files: a file's lag is that of all its rows. */
function lag(files, share) {
  const sorted = [...files].sort((left, right) => left.ms - right.ms);
  let wanted = share * sorted.reduce((sum, file) => sum + file.rows, 0);
  for (const { rows, ms } of sorted) {
    wanted -= rows;
    if (wanted <= 0) return ms;
  }
  return 0;
}

/**
 * The table as text: the median over the rounds, the smallest and the largest. Ratios are taken within a round, then over rounds.
 *
 * @param {readonly any[]} rounds
 * @param {number} items
 * @param {string} noun of one item
 */
export function table(rounds, items, noun) {
  return lines(items).flatMap(([words, read, form, goal]) => {
    const name = words.replace(/\bspan(s?)\b/, `${noun}$1`);
    const text = spread(rounds.map(read), form);
    return text === undefined ? [] : [`| ${name} | ${text} | ${goal ?? ""} |`];
  });
}

/** Bytes on the disk over bytes received. @param {any} round @param {number} otlpBytes */
export function diskTable(round, otlpBytes) {
  const sizes = round.engine?.sizes;
  if (sizes === undefined) return [];
  const share = (bytes) => `${(bytes / otlpBytes).toFixed(3)} of the OTLP bytes`;
  const rows = [
    ["as the run left it", sizes.left],
    ["all merged", sizes.merged],
  ].flatMap(([when, { all, textIndex, tables }]) => [
    [
      `Disk, tables and tiles without text index, ${when}`,
      all - textIndex + round.custody.ledgerBytes,
      "goal 0.333",
    ],
    [`Disk, text index, ${when}`, textIndex, ""],
    ...tables.map((one) => [`Disk, table ${one.table}, ${when}`, Number(one.bytes), ""]),
  ]);
  return [
    ...rows,
    ["Disk, tiles, checkpoints and journal", round.custody.ledgerBytes, ""],
    ["Disk, obvious pipeline", round.naive?.diskBytes, ""],
  ].flatMap(([name, bytes, goal]) =>
    bytes === undefined ? [] : [`| ${name} | ${share(bytes)} | ${goal} |`],
  );
}
