import { fromBase64 } from '@mysten/bcs';
import { Inputs, Transaction, type TransactionObjectArgument } from '@mysten/sui/transactions';
import type { NodeCall, NodeCallResult } from '../chain-port.ts';
import { failureText, type SuiChain } from '../sui/chain.ts';
import { nodeCapId, operatorKey, type WalrusIds } from '../sui/genesis-plan.ts';
import { CLOCK_ID, GAS_COIN_TYPE } from '../sui/ledger/ledger-object.ts';
import { compareOwned } from '../sui/ledger/object-store.ts';

/** MIST. The change of an epoch writes to every pool. */
const BUDGET = 10_000_000_000n;

/** Writes, signs and pays the transactions of those who run the storage nodes: one at a time. */
export class Operator {
  readonly #chain: SuiChain;
  readonly #ids: WalrusIds;
  readonly #seed: string;
  readonly #packageId: () => string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(chain: SuiChain, ids: WalrusIds, seed: string, packageId: () => string) {
    this.#chain = chain;
    this.#ids = ids;
    this.#seed = seed;
    this.#packageId = packageId;
  }

  submit(call: NodeCall): Promise<NodeCallResult> {
    return this.run(call.nodeId, (write) => this.#write(call, write));
  }

  /** Executes what `build` writes as the operator of a node. */
  run(nodeId: string, build: (write: Writer) => void): Promise<NodeCallResult> {
    const done = this.#last.then(async () => {
      const tx = new Transaction();
      build(new Writer(tx, this.#chain, this.#packageId()));
      const key = operatorKey(this.#seed, nodeId);
      tx.setSender(key.toSuiAddress());
      tx.setGasPrice(this.#chain.epochState.gasPrice);
      tx.setGasBudget(BUDGET);
      tx.setGasPayment([this.#gasOf(key.toSuiAddress())]);
      tx.setExpiration({ None: true });
      const bytes = await tx.build();
      const { signature } = await key.signTransaction(bytes);
      const { outcome } = await this.#chain.execute(bytes, [fromBase64(signature)]);
      return { digest: outcome.digest, failure: failureText(outcome.failure) };
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #gasOf(owner: string) {
    const { objects } = this.#chain.ledger;
    const coins = objects.ownedBy(owner).filter(({ type }) => type === GAS_COIN_TYPE);
    const [coin] = coins.sort(compareOwned);
    if (coin === undefined) throw new Error(`the operator ${owner} has no SUI`);
    return { objectId: coin.id, version: `${coin.version}`, digest: coin.digest };
  }

  #write(call: NodeCall, { tx, object, walrus }: Writer): void {
    const { stakingObjectId, systemObjectId, treasuryId } = this.#ids;
    const staking = () => object(stakingObjectId);
    const cap = () => object(nodeCapId(this.#seed, call.nodeId));
    const clock = () => object(CLOCK_ID, false);
    switch (call.kind) {
      case 'epoch-sync-done':
        walrus('staking::epoch_sync_done', [staking(), cap(), tx.pure.u32(call.epoch), clock()]);
        return;
      case 'invalidate-blob-id': {
        const bytes = [call.signature, call.signersBitmap, call.message].map((each) =>
          tx.pure.vector('u8', each),
        );
        walrus('system::invalidate_blob_id', [object(systemObjectId, false), ...bytes]);
        return;
      }
      case 'vote':
        for (const [name, value] of [
          ['set_storage_price_vote', call.storagePrice],
          ['set_write_price_vote', call.writePrice],
          ['set_node_capacity_vote', call.nodeCapacity],
        ] as const) {
          if (value === undefined) continue;
          walrus(`staking::${name}`, [staking(), cap(), tx.pure.u64(value)]);
        }
        return;
      case 'voting-end':
        walrus('staking::voting_end', [staking(), clock()]);
        return;
      case 'initiate-epoch-change':
        walrus('staking::initiate_epoch_change_v2', [
          staking(),
          object(systemObjectId),
          object(treasuryId),
          clock(),
        ]);
    }
  }
}

type Argument = TransactionObjectArgument | ReturnType<Transaction['pure']>;

/** A transaction in the making, with the newest versions of all objects. */
export class Writer {
  readonly tx: Transaction;
  readonly #chain: SuiChain;
  readonly #packageId: string;

  constructor(tx: Transaction, chain: SuiChain, packageId: string) {
    this.tx = tx;
    this.#chain = chain;
    this.#packageId = packageId;
  }

  object = (id: string, mutable = true): TransactionObjectArgument => {
    const found = this.#chain.ledger.objects.get(id);
    if (found === undefined) throw new Error(`the chain has no object ${id}`);
    const { owner, version, digest } = found;
    if (owner.kind !== 'shared') {
      return this.tx.object(Inputs.ObjectRef({ objectId: id, version: `${version}`, digest }));
    }
    const initialSharedVersion = owner.initialVersion.toString();
    return this.tx.object(Inputs.SharedObjectRef({ objectId: id, initialSharedVersion, mutable }));
  };

  /** Calls a function of the Walrus package. */
  walrus = (name: `${string}::${string}`, args: Argument[]) =>
    this.tx.moveCall({ target: `${this.#packageId}::${name}`, arguments: args });
}
