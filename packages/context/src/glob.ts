/**
 * Glob by hand: `?` is one unit, `*` any number, `[…]` one of its units. A hostile pattern costs a name at most its length times the name's, and no
 * memory; it is taken apart once for all names.
 */
export function globOf(pattern: string): (name: string) => boolean {
  const steps = stepsOf(pattern);
  return (name) => {
    let [at, place] = [0, 0];
    /** The last star, and how far into the name it is taken to reach. */
    let [star, from] = [-1, 0];
    while (place < name.length) {
      const step = steps[at];
      if (step === "*") {
        star = at++;
        from = place;
      } else if (step !== undefined && fits(step, name.charAt(place))) {
        at++;
        place++;
      } else if (star >= 0) {
        at = star + 1;
        place = ++from;
      } else return false;
    }
    while (steps[at] === "*") at++;
    return at === steps.length;
  };
}

function fits(step: string, unit: string): boolean {
  return step === "?" || (step.length > 1 ? step.includes(unit) : step === unit);
}

const set = /^\[[^\]]*\]/;

function stepsOf(pattern: string): readonly string[] {
  const steps: string[] = [];
  for (let at = 0; at < pattern.length; ) {
    const unit = pattern.charAt(at);
    const step = (unit === "[" && set.exec(pattern.slice(at, at + 64))?.[0]) || unit;
    // Two stars are one.
    if (step !== "*" || steps.at(-1) !== "*") steps.push(step);
    at += step.length;
  }
  return steps;
}
