import type { PreparedTransaction } from '../../chain/chain-client.ts';
import { holderOf } from '../../chain/holder.ts';
import { signAsPage } from '../../chain/sign-as-page.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { fromHex } from '../../protocol/hex.ts';
import type { IntentRun } from './intent-run.ts';

/** The address that belongs to the page key or to the person's key, and its signature by the page. */
export interface OpenHolder {
  readonly address: string;
  /** @throws HauloutError 'transaction-altered' for anything that does not end at owner and payer */
  sign(prepared: PreparedTransaction): Promise<string>;
}

/**
 * Makes the one key of an intent and writes it down, before any wallet sees anything.
 *
 * @throws HauloutError 'wallet-unsupported', 'store-full'
 */
export async function storeNewKey(run: IntentRun): Promise<void> {
  const { ports, intentId, state } = run;
  const { key, kept } = await ports.pageKeys.create();
  const holder = holderOf(key.publicKey, state.plan.payerKey);
  const batchId = fromHex(intentId);
  if (holder === undefined || batchId === undefined) {
    throw new HauloutError('wallet-unsupported', { reason: 'its key cannot share an address' });
  }
  const { address } = holder;
  await run.append(
    [{ kind: 'keyed', holder: address, publicKey: key.publicKey, batchId }],
    [{ store: 'keys', key: intentId, value: kept, expect: 0 }],
  );
}

/** @throws HauloutError 'upload-unknown' if the key is gone: then only the wallet can help */
export async function openHolder(run: IntentRun): Promise<OpenHolder> {
  const { ports, intentId, state } = run;
  const { plan, key } = state;
  const kept = (await ports.store.get('keys', intentId))?.value;
  const holder = key && holderOf(key.publicKey, plan.payerKey);
  if (kept === undefined || holder === undefined) {
    throw new HauloutError('upload-unknown', { jobId: plan.jobId });
  }
  const pageKey = await ports.pageKeys.open(kept);
  const ends = { owner: plan.owner, payer: plan.payer };
  return {
    address: holder.address,
    sign: (prepared) => signAsPage({ chain: ports.chain, pageKey, holder, ...ends, prepared }),
  };
}
