import { HauloutError } from '../protocol/errors.ts';
import { buildTransaction } from './build/build-transaction.ts';
import type { Contract } from './contract.ts';
import { parseProgramme } from './decode/programme.ts';
import type { RegisterPlan } from './plan.ts';

/** Below the limits of the chain (131,072 bytes with signatures, 1,024 commands). */
const MAX_BYTES = 125_000;
const MAX_COMMANDS = 1_024;
/** All blobs of a batch must fit into the one transaction that certifies them, too. */
const MAX_BLOBS = 350;
const GAS_COIN_BYTES = 72;
const SPARE_GAS_COINS = 8;

/**
 * Cuts a batch into as few transactions as hold it, all about the same size: each costs the person
 * one approval.
 *
 * @param planOf the plan for blobs `begin..end` of the batch
 * @returns where the parts begin and end
 * @throws HauloutError 'argument-invalid' if a single blob does not fit
 */
export async function planBatches(
  blobCount: number,
  contract: Contract,
  planOf: (begin: number, end: number) => RegisterPlan,
): Promise<readonly (readonly [begin: number, end: number])[]> {
  for (let parts = Math.ceil(blobCount / MAX_BLOBS); parts <= blobCount; parts++) {
    const ranges = Array.from({ length: parts }, (_, i) => {
      const edge = (at: number) => Math.floor((at * blobCount) / parts);
      return [edge(i), edge(i + 1)] as const;
    });
    const fit = await Promise.all(
      ranges.map(([begin, end]) => fitsTransaction(planOf(begin, end), contract)),
    );
    if (fit.every(Boolean)) return ranges;
  }
  throw new HauloutError('argument-invalid', {
    name: 'blobs',
    reason: 'too much for a transaction',
  });
}

export async function fitsTransaction(plan: RegisterPlan, contract: Contract): Promise<boolean> {
  const gas = { coins: [], priceMist: 1n, budgetMist: 1n };
  const bytes = await buildTransaction(plan, contract, gas, 0n);
  if (bytes.length + SPARE_GAS_COINS * GAS_COIN_BYTES > MAX_BYTES) return false;
  return parseProgramme(bytes).commands.length <= MAX_COMMANDS;
}
