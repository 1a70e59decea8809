const FULL = /^0x[0-9a-f]{64}$/;

/**
 * An address as the chain writes it: `0x` and 64 lower-case hex digits.
 *
 * @returns undefined for anything that is not one in full: a shorter one was cut, more likely than not
 */
export function normalAddress(text: string): string | undefined {
  const normal = text.trim().toLowerCase();
  return FULL.test(normal) ? normal : undefined;
}
