/** Every number that bounds an investigation; what an answer left out for one of them is in its `cut`. */
export const investigationLimits = {
  sessionsMax: 10,
  actionsMax: 40,
  unexplainedMax: 50,
  /** Records named as reasons of one session or action. */
  evidenceMax: 8,
  /** Actions listed on either side of one that matches, of the same session. */
  besideMax: 2,
  /** Actions listed of a session that matches as a whole, and by none of its calls. */
  nearestMax: 4,
  /** How far from the moment the nearest record is looked for, where there is none in the window: further only where nothing is nearer. */
  nearestSpansMs: [7_200_000, 28_800_000, 86_400_000],
} as const;
