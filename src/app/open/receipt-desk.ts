import type { Engine } from '../../engine/engine.ts';
import type { OfflineReport, ReceiptReport } from '../../flows/store/verify-receipt.ts';

/** What was found out about a receipt. The parts come one after the other, and each stands for itself. */
export type ReceiptState =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'altered'; readonly error: unknown }
  | {
      readonly kind: 'holds';
      readonly offline: OfflineReport;
      /** undefined while the chain is asked */
      readonly onChain?: ReceiptReport['onChain'];
      readonly error?: unknown;
    };

/**
 * Checks a receipt by itself, then against the chain.
 *
 * @param tell gets each state
 */
export async function checkReceipt(
  engine: () => Promise<Engine>,
  json: string,
  tell: (state: ReceiptState) => void,
  signal: AbortSignal,
): Promise<void> {
  const say = (state: ReceiptState) => {
    if (!signal.aborted) tell(state);
  };
  say({ kind: 'working' });
  let offline: OfflineReport;
  try {
    offline = await (await engine()).read('receipt', { json }, { signal });
  } catch (error) {
    return say({ kind: 'altered', error });
  }
  say({ kind: 'holds', offline });
  try {
    const { onChain } = await (await engine()).read('receiptOnChain', { json }, { signal });
    say({ kind: 'holds', offline, onChain });
  } catch (error) {
    say({ kind: 'holds', offline, error });
  }
}
