import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Inputs, Transaction, type TransactionObjectArgument } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import { SuiChain } from '../../../src/devnet/sui/chain.ts';
import type { Outcome } from '../../../src/devnet/sui/execute/run.ts';
import { seededKey } from '../../../src/devnet/sui/faucet.ts';
import { frameworkGenesis } from '../../../src/devnet/sui/framework/framework.ts';
import { walrusGenesis } from '../../../src/devnet/sui/genesis.ts';
import {
  type GenesisNode,
  nodeCapId,
  nodeStakeId,
  operatorKey,
  type WalrusSettings,
  walrusIds,
} from '../../../src/devnet/sui/genesis-plan.ts';
import type { LedgerObject } from '../../../src/devnet/sui/ledger/ledger-object.ts';
import { memoryLog } from '../../../src/devnet/sui/ledger/log.ts';
import { compareOwned } from '../../../src/devnet/sui/ledger/object-store.ts';
import type { TypeTag } from '../../../src/devnet/sui/move/native.ts';
import { walrusTypes } from '../../../src/devnet/sui/move/types.ts';
import { formatType, parseType } from '../../../src/devnet/sui/types/type-tag.ts';
import {
  aggregateSignatures,
  publicKeyOf,
  signMessage,
} from '../../../src/protocol/certificate.ts';
import { signersToBitmap } from '../../../src/protocol/committee.ts';
import type { Clock } from '../../../src/protocol/ports.ts';

export const SEED = 'world';
export const WAL = 10n ** 9n;
export const START_MS = 1_700_000_000_000;
export const HOUR_MS = 3_600_000;
const PEOPLE = ['alice', 'bob'].map((name) => seededKey(SEED, name));
export const [ALICE, BOB] = PEOPLE.map((key) => key.toSuiAddress()) as [string, string];
/** MIST; the change of an epoch writes to every pool */
const BUDGET = 10_000_000_000n;

/** A clock that tests set. */
export class TestClock implements Clock {
  ms = START_MS;
  wall = () => this.ms;
  monotonic = () => this.ms;
  sleep = async (ms: number) => {
    this.ms += ms;
  };
}

/** A secret scalar, big-endian. */
export function secretKey(n: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, n);
  return bytes;
}

export interface Signer {
  readonly nodeId: string;
  readonly secret: Uint8Array;
}

/** Nodes with IDs in ascending order and shards in order. */
export function makeNodes(weights: readonly number[]): { nodes: GenesisNode[]; signers: Signer[] } {
  let shard = 0;
  const signers = weights.map((_, i) => ({
    nodeId: `0x${(i + 1).toString(16).padStart(2, '0').repeat(32)}`,
    secret: secretKey(i + 1),
  }));
  const nodes = weights.map((weight, i) => ({
    nodeId: signers[i]?.nodeId ?? '',
    name: `node ${i}`,
    networkAddress: `127.0.0.1:${20_000 + i}`,
    publicKey: publicKeyOf(secretKey(i + 1)).uncompressed,
    shards: Array.from({ length: weight }, () => shard++),
  }));
  return { nodes, signers };
}

export interface WorldOptions extends Partial<WalrusSettings> {
  readonly weights?: readonly number[];
}

/** A chain with the Walrus contract. */
export class WalrusWorld {
  readonly clock: TestClock;
  readonly chain: SuiChain;
  readonly ids = walrusIds(SEED);
  readonly types = walrusTypes({
    walrus: this.ids.originalPackageId,
    wal: this.ids.walPackageId,
    exchange: this.ids.exchangePackageId,
  });
  readonly signers: readonly Signer[];
  /** opens another chain on the same log */
  readonly reopen: () => Promise<SuiChain>;
  /** the package that is called */
  packageId = this.ids.packageId;
  readonly #keys: ReadonlyMap<string, Ed25519Keypair>;

  private constructor(
    chain: SuiChain,
    clock: TestClock,
    signers: readonly Signer[],
    reopen: () => Promise<SuiChain>,
  ) {
    this.reopen = reopen;
    this.chain = chain;
    this.clock = clock;
    this.signers = signers;
    const keys = [...PEOPLE, ...signers.map(({ nodeId }) => operatorKey(SEED, nodeId))];
    this.#keys = new Map(keys.map((key) => [key.toSuiAddress(), key]));
  }

  static async open({ weights = [3, 3, 3, 2, 2], accounts, ...settings }: WorldOptions = {}) {
    const clock = new TestClock();
    const { nodes, signers } = makeNodes(weights);
    // The second coin of SUI pays for gas.
    const people = [ALICE, BOB].flatMap((address) => [
      { address, sui: 1000n * WAL, wal: 1000n * WAL },
      { address, sui: 500n * WAL },
    ]);
    const log = memoryLog();
    const open = () =>
      SuiChain.open({
        ...{ name: SEED, clock, log },
        genesis: (startMs) => [
          frameworkGenesis(startMs),
          walrusGenesis(
            { seed: SEED, nodes, accounts: [...people, ...(accounts ?? [])], ...settings },
            startMs,
          ),
        ],
      });
    return new WalrusWorld(await open(), clock, signers, open);
  }

  /** All addresses that the genesis gave something. */
  get accounts(): string[] {
    return [...this.#keys.keys()];
  }

  /** An object as the newest version of itself. */
  object(id: string): LedgerObject {
    const object = this.chain.ledger.objects.get(id);
    if (object === undefined) throw new Error(`no object ${id}`);
    return object;
  }

  input(tx: Transaction, id: string, mutable = true): TransactionObjectArgument {
    const object = this.object(id);
    const { owner } = object;
    if (owner.kind === 'shared') {
      const initialSharedVersion = owner.initialVersion.toString();
      return tx.object(Inputs.SharedObjectRef({ objectId: id, initialSharedVersion, mutable }));
    }
    const { version, digest } = object;
    return tx.object(Inputs.ObjectRef({ objectId: id, version: version.toString(), digest }));
  }

  /** The largest coin of WAL (or of SUI) that an address has. */
  coin(owner: string, type: 'wal' | 'sui' = 'wal'): string {
    const wanted = type === 'wal' ? this.types.walCoin : this.types.suiCoin;
    const [coin] = this.owned(owner, wanted).sort(compareOwned);
    if (coin === undefined) throw new Error(`${owner} has no coin`);
    return coin.id;
  }

  owned(owner: string, type: TypeTag): LedgerObject[] {
    const name = formatType(type);
    return this.chain.ledger.objects.ownedBy(owner).filter((object) => object.type === name);
  }

  /** Executes what `build` writes, as `sender`. */
  async run(build: (tx: Transaction) => void, sender = ALICE): Promise<Outcome> {
    const tx = new Transaction();
    build(tx);
    const key = this.#keys.get(sender);
    const [largest, second = largest] = this.owned(sender, this.types.suiCoin).sort(compareOwned);
    const gas = second;
    if (key === undefined || gas === undefined) throw new Error(`${sender} cannot send`);
    tx.setSender(sender);
    tx.setGasPrice(1000);
    tx.setGasBudget(BUDGET);
    const { id: objectId, version, digest } = gas;
    tx.setGasPayment([{ objectId, version: version.toString(), digest }]);
    tx.setExpiration({ None: true });
    const bytes = await tx.build();
    const { signature } = await key.signTransaction(bytes);
    const { outcome } = await this.chain.execute(bytes, [fromBase64(signature)]);
    return outcome;
  }

  /** The same, and it must succeed. */
  async mustRun(build: (tx: Transaction) => void, sender = ALICE): Promise<Outcome> {
    const outcome = await this.run(build, sender);
    if (outcome.failure) throw outcome.failure;
    return outcome;
  }

  /** Calls a function of the Walrus package. */
  call(tx: Transaction, name: `${string}::${string}`, args: TransactionObjectArgument[]) {
    return tx.moveCall({ target: `${this.packageId}::${name}`, arguments: args });
  }

  /** The parsed struct of an object. */
  // biome-ignore lint/suspicious/noExplicitAny: of any type
  read(id: string): any {
    const object = this.object(id);
    const { registry } = this.chain.ledger;
    return registry.layout(parseType(object.type)).parse(object.contents);
  }

  /** The state behind the System or Staking object. */
  // biome-ignore lint/suspicious/noExplicitAny: of either type
  inner(id: string): any {
    const type = id === this.ids.systemObjectId ? this.types.systemInner : this.types.stakingInner;
    const field = this.chain.ledger.objects
      .ownedBy(id)
      .find((object) => object.type.endsWith(`,${formatType(type)}>`));
    return field && this.read(field.id).value;
  }

  get system() {
    return this.inner(this.ids.systemObjectId);
  }

  get staking() {
    return this.inner(this.ids.stakingObjectId);
  }

  /** Events of an outcome by name, parsed. */
  events({ events }: Outcome): { name: string; value: Record<string, unknown> }[] {
    return events.map(({ type, contents }) => ({
      name: type.split('::').at(-1) ?? '',
      value: this.chain.ledger.registry.layout(parseType(type)).parse(contents),
    }));
  }

  /** A certificate of some members over a message, as arguments for a call. */
  certificate(message: Uint8Array, signers = [0, 1, 2], by = signers) {
    const parts = by.map((index) => {
      const signer = this.signers[index];
      if (signer === undefined) throw new Error(`no signer ${index}`);
      return signMessage(signer.secret, message);
    });
    const bitmap = signersToBitmap(signers, this.signers.length);
    return { signature: aggregateSignatures(parts), bitmap, message };
  }

  nodeCap(index: number): string {
    return nodeCapId(SEED, this.nodeId(index));
  }

  /** The stake of a node's operator. */
  nodeStake(index: number): string {
    return nodeStakeId(SEED, this.nodeId(index));
  }

  nodeId(index: number): string {
    const signer = this.signers[index];
    if (signer === undefined) throw new Error(`no node ${index}`);
    return signer.nodeId;
  }
}
