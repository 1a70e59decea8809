import type { DecodedTransaction, TransactionPlan, WalPayment } from '../chain/plan.ts';
import type { Formats } from '../presentation/format.ts';
import type { MessageKey, Say } from '../presentation/messages.ts';
import { shortAddress, shortBlobId } from '../presentation/names.ts';

export type Line = readonly [term: string, value: string];

const KINDS: Readonly<Record<TransactionPlan['kind'], MessageKey>> = {
  register: 'devWallet.register',
  tip: 'devWallet.tip',
  certify: 'devWallet.certify',
  'hand-over': 'devWallet.handOver',
  extend: 'devWallet.extend',
  delete: 'devWallet.delete',
  'merge-coins': 'devWallet.mergeCoins',
};

/** What a transaction does, read out of its bytes: amounts, who gets what, the fee. */
export function signedLines(
  { plan, gas }: DecodedTransaction,
  say: Say,
  formats: Formats,
): readonly Line[] {
  const sui = (mist: bigint) => say('devWallet.sui', { amount: formats.amount(mist, 'up') });
  const to = (mist: bigint, address: string) =>
    say('devWallet.to', { amount: sui(mist), address: shortAddress(address) });
  return [
    [say('devWallet.does'), say(KINDS[plan.kind])],
    ...paymentLines(plan, say, formats),
    ...('tip' in plan && plan.tip !== undefined
      ? [[say('devWallet.tipLine'), to(plan.tip.mist, plan.tip.address)] as const]
      : []),
    ...(plan.kind === 'register'
      ? [
          [say('devWallet.stipend'), to(plan.stipendMist, plan.recipient)] as const,
          [say('devWallet.blobsTo'), shortAddress(plan.recipient)] as const,
        ]
      : []),
    ...('handOverTo' in plan && plan.handOverTo !== undefined
      ? [[say('devWallet.blobsTo'), shortAddress(plan.handOverTo)] as const]
      : []),
    ...blobLines(plan, say, formats),
    [say('devWallet.fee'), sui(gas.budgetMist)],
    [say('devWallet.sender'), shortAddress(plan.sender)],
  ];
}

function paymentLines(plan: TransactionPlan, say: Say, formats: Formats): readonly Line[] {
  if (!('payment' in plan)) return [];
  const { maximumFrost, exchange }: WalPayment = plan.payment;
  const amount = formats.amount(maximumFrost, 'up');
  const wal = [say('devWallet.pays'), say('devWallet.wal', { amount })] as const;
  if (exchange === undefined) return [wal];
  const given = say('devWallet.sui', { amount: formats.amount(exchange.payMist, 'up') });
  return [wal, [say('devWallet.exchange'), given]];
}

function blobLines(plan: TransactionPlan, say: Say, formats: Formats): readonly Line[] {
  if (plan.kind === 'register') {
    return plan.blobs.map(({ blobId, unencodedBytes, deletable }) => [
      shortBlobId(blobId),
      say(deletable ? 'devWallet.deletable' : 'devWallet.permanent', {
        size: formats.bytes(unencodedBytes),
      }),
    ]);
  }
  const count = 'blobs' in plan ? plan.blobs.length : 0;
  return count === 0 ? [] : [[say('devWallet.blobs'), formats.count(count)]];
}
