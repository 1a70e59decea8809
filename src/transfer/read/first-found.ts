/**
 * What the first of several runs finds.
 *
 * @returns undefined once all have ended and found nothing
 * @throws what one of them threw, if no other found anything
 */
export async function firstFound<T>(
  runs: readonly Promise<T | undefined>[],
): Promise<T | undefined> {
  let thrown: { readonly error: unknown } | undefined;
  const finds = runs.map(async (run) => {
    const found = await run.catch((error: unknown) => {
      thrown ??= { error };
      return undefined;
    });
    if (found === undefined) throw undefined; // for `any` it counts as nothing
    return found;
  });
  return Promise.any(finds).catch(() => {
    if (thrown !== undefined) throw thrown.error;
    return undefined;
  });
}
