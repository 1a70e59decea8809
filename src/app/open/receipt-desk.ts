import type { Engine } from '../../engine/engine.ts';
import type { OfflineReport, ReceiptReport } from '../../flows/store/verify-receipt.ts';
import { isHauloutError } from '../../protocol/errors.ts';

/** What was found out about a receipt. The parts come one after the other, and each stands for itself. */
export type ReceiptState =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'altered'; readonly error: unknown }
  /** it could not be checked, which says nothing about it */
  | { readonly kind: 'unchecked'; readonly error: unknown }
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
    const isAltered = isHauloutError(error, 'receipt-altered');
    return say({ kind: isAltered ? 'altered' : 'unchecked', error });
  }
  say({ kind: 'holds', offline });
  try {
    const { onChain } = await (await engine()).read('receiptOnChain', { json }, { signal });
    say({ kind: 'holds', offline, onChain });
  } catch (error) {
    say({ kind: 'holds', offline, error });
  }
}

/** Whether the chain says otherwise than a receipt that holds by itself. */
export function isContradicted(state: ReceiptState): boolean {
  if (state.kind !== 'holds' || state.onChain?.status !== 'answered') return false;
  return state.onChain.checks.some(({ verdict }) => verdict === 'differs');
}
