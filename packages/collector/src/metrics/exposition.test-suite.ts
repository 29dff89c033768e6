/** One family of the text format 0.0.4, as https://prometheus.io/docs/instrumenting/exposition_formats/ describes it. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*/;

/** Reads the text as a scraper would, and throws at the first thing that one may refuse. Written from the format, not from its writer. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, Family & { readonly samples: Sample[] }>();
  let help: { readonly name: string; readonly text: string } | undefined;
  let open: (Family & { readonly samples: Sample[] }) | undefined;
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const said = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (said === null) {
      if (line.startsWith("#")) continue;
      const sample = parseSample(line);
      if (open === undefined || !belongs(sample.name, open)) {
        throw new Error(`a sample outside of its family: ${line}`);
      }
      open.samples.push(sample);
      continue;
    }
    const [, word, name = "", rest = ""] = said;
    if (word === "HELP") {
      help = { name, text: rest };
      continue;
    }
    if (help?.name !== name || families.has(name)) throw new Error(`${name} is told twice or bare`);
    open = { name, type: rest, help: help.text, samples: [] };
    families.set(name, open);
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function belongs(sample: string, { name, type }: Family): boolean {
  if (type !== "histogram") return sample === name;
  return ["_bucket", "_sum", "_count"].some((suffix) => sample === name + suffix);
}

function parseSample(line: string): Sample {
  const name = metricName.exec(line)?.[0];
  if (name === undefined) throw new Error(`no metric name: ${line}`);
  let rest = line.slice(name.length);
  const labels = new Map<string, string>();
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const label = labelName.exec(rest)?.[0];
      const quoted =
        label === undefined ? null : /^="((?:[^"\\]|\\[\\"n])*)",?/.exec(rest.slice(label.length));
      if (label === undefined || quoted === null) throw new Error(`a faulty label: ${line}`);
      if (labels.has(label)) throw new Error(`a label twice: ${line}`);
      const unescaped = (quoted[1] ?? "").replace(/\\(.)/g, (_, one) => (one === "n" ? "\n" : one));
      labels.set(label, unescaped);
      rest = rest.slice(label.length + quoted[0].length);
    }
    rest = rest.slice(1);
  }
  if (!/^ (?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]Inf|NaN)$/.test(rest)) {
    throw new Error(`no number: ${line}`);
  }
  return { name, labels, value: Number(rest.trim().replace("Inf", "Infinity")) };
}

/** What `promtool check metrics` complains about, and what a family must hold by its type. */
function checkFamily({ name, type, help, samples }: Family): void {
  const fault = (what: string): never => {
    throw new Error(`${name} ${what}`);
  };
  if (help.trim() === "") fault("has no help");
  if (!["counter", "gauge", "histogram"].includes(type)) fault(`is of type ${type}`);
  if (/[A-Z:]/.test(name)) fault("is in camel case, or a recording rule's");
  if ((type === "counter") !== name.endsWith("_total")) fault("ends in _total where it must not");
  if (/_(?:count|sum|bucket|info|counter|gauge|histogram|summary)$/.test(name))
    fault("ends in a word of a type");
  if (/_(?:ms|millis(?:econds)?|minutes|hours|kb|mb|kilobytes|megabytes|percent)(?:_|$)/.test(name))
    fault("is in no base unit");
  const seen = new Set<string>();
  for (const { name: sample, labels, value } of samples) {
    const key = JSON.stringify([sample, [...labels].sort()]);
    if (seen.has(key)) fault(`has a series twice: ${key}`);
    seen.add(key);
    if (type !== "histogram" && (labels.has("le") || labels.has("quantile")))
      fault("has a label of another type");
    if (type !== "gauge" && !(value >= 0)) fault(`is ${value}`);
  }
  if (type === "histogram") checkHistogram(name, samples, fault);
}

function checkHistogram(
  name: string,
  samples: readonly Sample[],
  fault: (what: string) => never,
): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = JSON.stringify([...sample.labels].filter(([label]) => label !== "le").sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const group of groups.values()) {
    const buckets = group.filter((one) => one.name === `${name}_bucket`);
    const ends = buckets.map(({ labels }) =>
      Number((labels.get("le") ?? "").replace("+Inf", "Infinity")),
    );
    const counts = buckets.map(({ value }) => value);
    const isRising = (list: readonly number[]): boolean =>
      list.every((one, at) => at === 0 || one >= (list[at - 1] ?? 0));
    if (!isRising(ends) || !isRising(counts)) fault("has buckets that do not rise");
    if (ends.at(-1) !== Number.POSITIVE_INFINITY) fault("has no last bucket");
    const total = group.find((one) => one.name === `${name}_count`)?.value;
    if (total === undefined || total !== counts.at(-1)) fault("counts other than its buckets");
    if (!group.some((one) => one.name === `${name}_sum`)) fault("has no sum");
  }
}
