/**
 * The words of the OpenAI Agents SDK for a call that `needsApproval` held and the application rejected. They name the call, and stand at
 * the end of the error: a tool that throws the same words does so behind the SDK's own, which are refused here.
 */
const rejected = /Tool execution for ([\w.:-]{1,128}) was manually rejected by user\.("\})?$/;
const thrown = "Error running tool";

/** The id of the call that was rejected; undefined where nothing was. */
export function rejectedCall(error: string | undefined): string | undefined {
  if (error === undefined || error.startsWith(thrown)) return undefined;
  return rejected.exec(error)?.[1];
}
