/** Before each of the rounds in which something is asked for that was not to be had in the round before. */
export const PAUSES_MS = [0, 300, 1_000, 3_000];
