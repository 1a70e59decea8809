import { failureText } from '../../src/devnet/sui/chain.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { judge } from '../support/flows/judge.ts';
import type { Wanted } from './store-client.ts';
import { expectThat } from './violation.ts';
import type { World } from './world.ts';

/** Aborts that an honest client can run into: the epoch ended while the transaction was on its way. */
const EPOCH_ENDED = /messages.*\b1\b|EInvalidMsgEpoch/i;

/** What the ledger must say when everything is over. */
export function checkLedger(
  world: World,
  person: string,
  wanted: Wanted,
  blobs: readonly EncodedBlob[],
): void {
  const { life } = world.network;
  const ledger = judge(world.network);
  const events = life.port.events(0);
  for (const { blobId } of blobs) {
    const paid = events.filter((e) => e.kind === 'blob-registered' && e.blobId === blobId);
    expectThat(paid.length === 1, 'I2', () => `${blobId} was paid for ${paid.length} times`);
    const own = ledger
      .blobsOf(person)
      .some((id) => paid.some((e) => 'objectId' in e && e.objectId === id));
    expectThat(own, 'I3', () => `${blobId} does not belong to the person`);
  }
  for (const holder of wanted.holders) {
    const left = ledger.holdings(holder);
    expectThat(left === 0, 'I7', () => `${left} objects are left at ${holder}`);
  }
  const most = wanted.quotes.reduce((sum, quote) => sum + quote.cost.walMaximumFrost, 0n);
  const spent = ledger.spentFrost(person);
  expectThat(spent <= most, 'I8', () => `${spent} FROST were spent, ${most} were shown`);
  for (const { tx, outcome } of life.chain.ledger.transactions) {
    const isApproved = tx.data.sender !== person || wanted.shown.has(tx.digest);
    expectThat(isApproved, 'I8', () => `executed, but never shown to the wallet: ${tx.digest}`);
    if (outcome.failure === undefined || ![person, ...wanted.holders].includes(tx.data.sender))
      continue;
    const text = failureText(outcome.failure) ?? '';
    world.count('failed transactions');
    expectThat(EPOCH_ENDED.test(text), 'I9', () => `a transaction failed: ${text}`);
  }
}
