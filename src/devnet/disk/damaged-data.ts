/** What is on the disk is not what was written there. */
export class DamagedDataError extends Error {
  override readonly name = 'DamagedDataError';
}

/** Reads JSON that this program has written. @throws DamagedDataError */
export function readJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DamagedDataError(
      `${file} of the data folder is damaged; give another --data folder, or remove this one`,
      { cause },
    );
  }
}
