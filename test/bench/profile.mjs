import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const shown = 28;
const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Where the time of a profile went. Idle time is left out: it is the engine's threads or the generator that were waited for. Time in
 * Node and in libraries is told twice: as its own, and as that of the function of ours that asked for it.
 *
 * @param {string} folder with the one `.cpuprofile` that `node --cpu-prof` wrote
 */
export function profileLines(folder) {
  const name = readdirSync(folder).find((file) => file.endsWith(".cpuprofile")) ?? "";
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const byId = new Map(nodes.map((node) => [node.id, { frame: node.callFrame }]));
  for (const { id, children = [] } of nodes) {
    for (const child of children) byId.get(child).parent = byId.get(id);
  }
  const own = new Map();
  const asked = new Map();
  const packages = new Map();
  let all = 0;
  let busy = 0;
  samples.forEach((id, index) => {
    const node = byId.get(id);
    const micros = timeDeltas[index];
    all += micros;
    if (node.frame.functionName === "(idle)") return;
    busy += micros;
    const ours = nearestOurs(node);
    add(own, labelOf(node.frame), micros);
    add(asked, labelOf(ours.frame), micros);
    add(packages, packageOf(ours.frame), micros);
  });
  const top = (map) =>
    [...map]
      .sort(([, left], [, right]) => right - left)
      .slice(0, shown)
      .map(([what, micros]) => `${((micros / busy) * 100).toFixed(1).padStart(5)} %  ${what}`);
  const seconds = (micros) => (micros / 1e6).toFixed(1);
  return [
    `main thread of Custody: ${seconds(busy)} s busy of ${seconds(all)} s`,
    "\nby package, with what it asked of Node and of libraries:",
    ...top(packages),
    "\nby function of ours, likewise:",
    ...top(asked),
    "\nby function, own time:",
    ...top(own),
  ];
}

function add(map, key, micros) {
  map.set(key, (map.get(key) ?? 0) + micros);
}

/** The function of a package of ours nearest above, or the node itself. */
function nearestOurs(node) {
  for (let at = node; at !== undefined; at = at.parent) {
    if (placeOf(at.frame).startsWith("packages/")) return at;
  }
  return node;
}

function labelOf(frame) {
  return `${frame.functionName || "(anonymous)"}  ${placeOf(frame)}:${frame.lineNumber + 1}`;
}

function placeOf({ url }) {
  return url === ""
    ? "(native)"
    : url
        .replace("file://", "")
        .replace(root, "")
        .replace(/^.*node_modules\//, "");
}

function packageOf(frame) {
  const place = placeOf(frame);
  if (frame.functionName === "(garbage collector)") return frame.functionName;
  return /^(packages\/[^/]+|node:|@[^/]+\/[^/]+|[^/]+)/.exec(place)?.[1] ?? place;
}
