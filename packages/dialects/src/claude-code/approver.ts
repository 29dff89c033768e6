import type { ApprovalWords, ApprovedBy, AttributeView } from "@custody/model";
import { filled } from "../attributes.ts";

/**
 * Who decided. Behind the Agent SDK a function of the host application answers where a person would, and the answer is exported as the
 * user's all the same. The entry point tells, where the operator has it sent; without it the words are taken as they stand.
 */
export function approverOf(
  words: ApprovalWords | undefined,
  attributes: AttributeView,
): ApprovedBy {
  if (words === undefined) return "unknown";
  const isProgram = filled(attributes, "app.entrypoint")?.startsWith("sdk") ?? false;
  return words.by === "human" && isProgram ? "unknown" : words.by;
}
