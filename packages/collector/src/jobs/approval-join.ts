import { joinApprovals } from "@custody/context";
import { digestRecords, namedDigests } from "@custody/storage/queries";
import { type Join, worthWriting } from "./join-kind.ts";

/** Here a session is the digest of an action that an authority named: its executions may be in any session. */
export const approvalJoin: Join = {
  sweep: namedDigests,
  joinable: async (_, digests) => new Set(digests),
  async look(asked, digest) {
    const records = await digestRecords(asked, digest);
    return worthWriting(joinApprovals({ records }), "approval_call", records);
  },
};
