import { type Grade, grades } from "@custody/model";
import type { GradeLine } from "@custody/verify";
import type { ClassRange } from "./class-range.ts";

/** Grades of every record that the bundle carries; a verifier counts them again. */
export function gradeLine(classes: readonly ClassRange[]): GradeLine {
  const total = (grade: Grade): number =>
    classes.reduce((sum, range) => sum + range.grades[grade], 0);
  return {
    observed: total("observed"),
    reported: total("reported"),
    derived: total("derived"),
    inferred: total("inferred"),
  };
}

export function gradeSentence(classes: readonly ClassRange[]): string {
  const line = gradeLine(classes);
  const all = grades.reduce((sum, grade) => sum + line[grade], 0);
  const part = (grade: Grade): string =>
    `${line[grade]} ${grade} (${all === 0 ? 0 : Math.round((100 * line[grade]) / all)} %)`;
  return `Of ${all} records read: ${grades.map(part).join(", ")}.`;
}
