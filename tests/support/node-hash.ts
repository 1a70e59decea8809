import { createHash } from 'node:crypto';

/** SHA-256 over parts one after another, in lower-case hex, at native speed. */
export function sha256Of(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
