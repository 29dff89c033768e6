/** Does `work` on every item, at most `lanes` at a time; answers in the order of the items. */
export async function inParallel<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at] as T;
      // One after another within a lane: the lanes are what runs at once.
      answers[at] = await work(item, at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return answers;
}
