import { later } from '../parts/later.tsx';

/** What is not needed to show a blob, and comes after it. */
export const Checks = later(async () => (await import('./checks.tsx')).Checks);
export const Missing = later(async () => (await import('./missing.tsx')).Missing);
export const ProgressLine = later(
  async () => (await import('../parts/progress-line.tsx')).ProgressLine,
);
