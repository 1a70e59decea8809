import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    soak: boolean;
    everyCase: boolean;
  }
}

/** Whether the long cases are wanted. */
export const SOAK = inject('soak');

/** Whether this browser runs every case. One does; what depends on the engine alone shows in a few of them. */
export const EVERY_CASE = inject('everyCase');
