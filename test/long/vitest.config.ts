import base from "../tidy/vitest.config.ts";

/** Proofs that take minutes: `npm test` leaves them out, `npm run test:kill` runs them. */
export default {
  ...base,
  test: { ...base.test, include: ["test/long/**/*.long.ts"], testTimeout: 0 },
};
