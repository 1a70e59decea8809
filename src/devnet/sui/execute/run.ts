import { fromBase58 } from '@mysten/bcs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { coinBalance, type LedgerObject } from '../ledger/ledger-object.ts';
import type { ObjectReader } from '../ledger/object-store.ts';
import type { Address, TypeTag } from '../move/native.ts';
import { type Registry, UnknownTypeError } from '../types/registry.ts';
import { bumpedInputs, collectChanges, type ObjectChange, type Stamp } from './changes.ts';
import { runCommand } from './commands.ts';
import { effectsBcs, effectsDigest, eventsBcs, eventsDigest } from './effects.ts';
import { ExecutionFailure, type FailureReason, fail } from './failure.ts';
import { type GasUsed, gasUsed, netGas } from './gas.ts';
import { chargeCoin, type GasPayment, type OpenGas, openGas } from './gas-coin.ts';
import type { CheckedTransaction } from './inputs.ts';
import { type EmittedEvent, Session } from './session.ts';
import type { ParsedTransaction } from './transaction.ts';
import { type Place, Values } from './values.ts';

export interface ExecutionRequest {
  readonly tx: ParsedTransaction;
  readonly checked: CheckedTransaction;
  readonly payment: GasPayment;
  readonly registry: Registry;
  readonly objects: ObjectReader;
  readonly epoch: bigint;
  readonly timestampMs: bigint;
  /** see `MoveContext`; false unless told */
  readonly trusting?: boolean;
  /** a fault: the execution ends with this whatever it does */
  readonly forced?: FailureReason | undefined;
}

export interface Returned {
  readonly type: TypeTag;
  readonly bytes: Uint8Array;
}

/** All there is to know about an executed or simulated transaction. */
export interface Outcome {
  readonly digest: string;
  readonly failure: ExecutionFailure | undefined;
  readonly epoch: bigint;
  readonly gas: GasUsed;
  readonly gasObject: Address;
  /** of all written objects */
  readonly version: bigint;
  readonly changes: readonly ObjectChange[];
  readonly readShared: readonly LedgerObject[];
  readonly dependencies: readonly string[];
  readonly events: readonly EmittedEvent[];
  readonly eventsBcs: Uint8Array | undefined;
  readonly eventsDigest: string | undefined;
  readonly effects: Uint8Array;
  readonly effectsDigest: string;
  /** what each command returned */
  readonly returned: readonly (readonly Returned[])[];
}

interface Done {
  readonly changes: ObjectChange[];
  readonly gas: GasUsed;
  readonly events: readonly EmittedEvent[];
  readonly returned: Returned[][];
}

/** Executes without touching the ledger. Deterministic: equal requests have equal outcomes. */
export function execute(request: ExecutionRequest): Outcome {
  const { tx, checked } = request;
  const objects = checked.inputs.flatMap((input) => (input.kind === 'object' ? [input] : []));
  const used = [...objects.map(({ object }) => object), ...checked.gas];
  const version =
    used.reduce((most, object) => (object.version > most ? object.version : most), 0n) + 1n;
  const stamp: Stamp = { version, digest: tx.digest };
  const gas = openGas(request);
  let failure: ExecutionFailure | undefined;
  let done: Done;
  try {
    done = succeed(request, gas, stamp);
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    failure = error;
    done = giveUp(request, gas, stamp);
  }
  const events = eventsBcs(tx.data.sender, done.events);
  const parts = {
    digest: tx.digest,
    failure,
    epoch: request.epoch,
    gas: done.gas,
    gasObject: gas.coin.id,
    version,
    changes: done.changes,
    readShared: objects
      .filter(({ object, mutable }) => object.owner.kind === 'shared' && !mutable)
      .map(({ object }) => object),
    dependencies: dependenciesOf(used),
    eventsDigest: events && eventsDigest(events),
  };
  const effects = effectsBcs(parts);
  return {
    ...parts,
    events: done.events,
    eventsBcs: events,
    effects,
    effectsDigest: effectsDigest(effects),
    returned: done.returned,
  };
}

function succeed(request: ExecutionRequest, gas: OpenGas, stamp: Stamp): Done {
  const { tx, checked, registry } = request;
  const session = new Session({
    registry,
    objects: request.objects,
    sender: tx.data.sender,
    digest: tx.digest,
    epoch: request.epoch,
    timestampMs: request.timestampMs,
    trusting: request.trusting ?? false,
  });
  const always = new Set<Address>([gas.coin.id]);
  const places = checked.inputs.map((input): Place => {
    if (input.kind === 'pure') return input;
    if (input.mutable) always.add(input.object.id);
    const live = session.hold(input.object);
    return { kind: 'object', live, mutable: input.mutable, taken: false };
  });
  const values = new Values(registry, places, gas.place(session));
  const returned: Returned[][] = [];
  for (const [index, command] of tx.programmable.commands.entries()) {
    atCommand(index, () => runCommand(session, values, command));
    returned.push(returnedBy(registry, values.results[index] ?? []));
  }
  const leftover = values.leftover();
  if (leftover) throw new ExecutionFailure({ kind: 'UnusedValueWithoutDrop', ...leftover });
  if (request.forced) throw new ExecutionFailure(request.forced);

  const changes = [...collectChanges(session, always, stamp), ...gas.removed()].sort(byId);
  const cost = costOf(request, changes);
  if (netGas(cost) > gas.budget) throw fail('InsufficientGas');
  // The budget lay aside while the commands ran.
  chargeCoin(changes, gas.coin.id, gas.budget - netGas(cost));
  return { changes, gas: cost, events: session.events, returned };
}

/** Nothing happened but that the inputs have new versions and somebody paid. */
function giveUp(request: ExecutionRequest, gas: OpenGas, stamp: Stamp): Done {
  const inputs = request.checked.inputs.flatMap((input) =>
    input.kind === 'object' && input.mutable ? [input.object] : [],
  );
  const bumped = bumpedInputs([...inputs, gas.coin], stamp);
  const changes = [...bumped, ...gas.removed()].sort(byId);
  let cost = costOf(request, changes);
  if (netGas(cost) > gas.budget) {
    cost = { ...cost, computationCost: gas.budget, storageCost: cost.storageRebate };
  }
  const sum = gas.total - coinBalance(gas.coin.contents);
  chargeCoin(changes, gas.coin.id, sum - netGas(cost));
  return { changes, gas: cost, events: [], returned: [] };
}

function costOf(request: ExecutionRequest, changes: readonly ObjectChange[]): GasUsed {
  const storage = changes.reduce((sum, { after }) => sum + (after?.storageRebate ?? 0n), 0n);
  const rebates = changes.reduce((sum, { before }) => sum + (before?.storageRebate ?? 0n), 0n);
  return gasUsed(BigInt(request.tx.data.gasData.price), storage, rebates);
}

function atCommand(index: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof UnknownTypeError) {
      throw new ExecutionFailure(
        { kind: 'TypeArgumentError', position: 0, fault: 'TypeNotFound' },
        index,
      );
    }
    if (error instanceof ExecutionFailure) error.command ??= index;
    throw error;
  }
}

function returnedBy(registry: Registry, places: readonly Place[]): Returned[] {
  return places.flatMap((place) => {
    if (place.kind !== 'result') return [];
    const bytes = registry
      .layout(place.type)
      .serialize(place.value, { maxSize: 1 << 20 })
      .toBytes();
    return [{ type: place.type, bytes }];
  });
}

function dependenciesOf(objects: readonly LedgerObject[]): string[] {
  const digests = [...new Set(objects.map((object) => object.previousTransaction))];
  const key = (digest: string) => bytesToHex(fromBase58(digest));
  return digests.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const byId = (a: { id: Address }, b: { id: Address }) => (a.id < b.id ? -1 : 1);
