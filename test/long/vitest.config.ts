import { testSettings } from "../tidy/test-settings.ts";

/** Proofs that take minutes: `npm test` leaves them out, `npm run test:kill` runs them. */
export default {
  ...testSettings,
  test: { ...testSettings.test, include: ["test/long/**/*.long.ts"], testTimeout: 0 },
};
