import { testSettings } from "../tidy/test-settings.ts";

/** Real agents from the registry: `npm test` leaves them out, `npm run test:real` runs them. */
export default {
  ...testSettings,
  test: {
    ...testSettings.test,
    include: ["test/real/**/*.real.ts"],
    maxWorkers: 1,
    reporters: ["verbose"],
  },
};
