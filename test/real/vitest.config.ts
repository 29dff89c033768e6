import base from "../tidy/vitest.config.ts";

/** Real agents from the registry: `npm test` leaves them out, `npm run test:real` runs them. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ["test/real/**/*.real.ts"],
    maxWorkers: 1,
    reporters: ["verbose"],
  },
};
