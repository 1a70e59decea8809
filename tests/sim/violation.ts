/** A promise of the client that was not kept. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly promise: string;

  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`);
    this.promise = promise;
  }
}

export function expectThat(holds: boolean, promise: string, what: () => string): void {
  if (!holds) throw new Violation(promise, what());
}
