import { transactionDigest } from '../build/build-transaction.ts';
import type { Contract } from '../contract.ts';
import { readCommitment, readMarker } from '../marker.ts';
import type { DecodedTransaction, GasPayment } from '../plan.ts';
import { Machine } from './machine.ts';
import { type Programme, parseProgramme } from './programme.ts';
import { type Notes, readPlan } from './read-plan.ts';
import { demand, refuse } from './refuse.ts';

/**
 * Reads out of bytes what they do. Knows only the transactions of this client: what a person is
 * shown as "what you sign" comes from here, and so does what is compared with the plan.
 *
 * @throws HauloutError 'transaction-altered' for anything else
 */
export function decodeTransaction(bytes: Uint8Array, contract: Contract): DecodedTransaction {
  const programme = parseProgramme(bytes);
  const { sender, commands, expirationEpoch } = programme;
  const machine = new Machine(programme, contract);
  machine.run(commands);
  return {
    plan: readPlan(sender, machine.deeds, readNotes(machine.unusedInputs())),
    gas: readGas(programme),
    expirationEpoch,
    digest: transactionDigest(bytes),
  };
}

/** The sender pays, with coins that the transaction does not use otherwise. */
function readGas({ gas, sender, inputs }: Programme): GasPayment {
  demand(gas.owner === sender, 'gas.owner');
  demand(gas.payment.length > 0, 'gas.coins');
  const coins = gas.payment;
  const owned = inputs.flatMap((input) => (input.is === 'owned' ? [input.ref.objectId] : []));
  const ids = [...owned, ...coins.map(({ objectId }) => objectId)];
  demand(new Set(ids).size === ids.length, 'gas.coins');
  return { coins, priceMist: gas.price, budgetMist: gas.budget };
}

/** A commitment is the first input and a marker the one after it; there are no other notes. */
function readNotes(unused: readonly (readonly [index: number, bytes: Uint8Array])[]): Notes {
  const [first, second] = unused;
  const commitment = first && readCommitment(first[1]);
  const at = commitment ? second : first;
  const marker = at && readMarker(at[1]);
  const known = Number(commitment !== undefined) + Number(marker !== undefined);
  demand(unused.length === known, 'inputs');
  if (unused.some(([index], i) => index !== i)) refuse('inputs');
  return { ...(commitment && { commitment }), ...(marker && { marker }) };
}
