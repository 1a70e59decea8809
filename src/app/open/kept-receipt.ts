let kept: string | undefined;

/** Hands a receipt over to the place that checks it. */
export function keepReceipt(json: string): void {
  kept = json;
}

/** The receipt that was handed over, once. */
export function takeReceipt(): string | undefined {
  const receipt = kept;
  kept = undefined;
  return receipt;
}
