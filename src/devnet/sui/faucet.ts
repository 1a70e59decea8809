import { fromBase64 } from '@mysten/bcs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { blake2b } from '@noble/hashes/blake2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Coin } from '../../chain/layouts/sui.ts';
import { Memory } from '../../protocol/memory.ts';
import type { SuiChain } from './chain.ts';
import { coinOf } from './execute/commands.ts';
import { coinBalance, coinTypeOf, SUI_TYPE } from './ledger/ledger-object.ts';
import { compareOwned } from './ledger/object-store.ts';
import type { Address, GenesisObject, GenesisPart } from './move/native.ts';
import { Code, RpcStatus } from './status.ts';
import { formatType, normalizeType, parseType } from './types/type-tag.ts';

export interface Gift {
  readonly coinType: string;
  /** in the smallest unit */
  readonly amount: bigint;
}

export interface FaucetCoin extends Gift {
  readonly objectId: Address;
  readonly digest: string;
}

const BUDGET = 50_000_000n;
/** in each of the faucet's first coins */
const RESERVE = 4n * 10n ** 18n;

const keys = new Memory<Ed25519Keypair>(1024);

/** A key of the development network: worthless, the same for the same seed and name. */
export function seededKey(seed: string, name: string): Ed25519Keypair {
  const text = `${seed}\n${name}`;
  return keys.get(text, () => {
    const secret = blake2b(utf8ToBytes(text), { dkLen: 32 });
    return Ed25519Keypair.fromSecretKey(secret, { skipValidation: true });
  });
}

export const faucetKey = (seed: string) => seededKey(seed, 'faucet');

/** An object id for the genesis, the same for the same seed and name. */
export function seededId(seed: string, name: string): Address {
  const hash = blake2b(utf8ToBytes(`${seed}\nobject\n${name}`), { dkLen: 32 });
  return `0x${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** A coin for the genesis. */
export function genesisCoin(
  id: Address,
  coinType: string,
  owner: Address,
  amount: bigint,
): GenesisObject {
  return {
    id,
    type: coinOf(parseType(coinType)),
    owner: { kind: 'address', address: owner },
    contents: Coin.serialize({ id, balance: { value: amount } }).toBytes(),
  };
}

/** The faucet's money: one large coin of SUI and of each further type. */
export function faucetGenesis(seed: string, coinTypes: readonly string[] = []): GenesisPart {
  const owner = faucetKey(seed).toSuiAddress();
  const objects = [SUI_TYPE, ...coinTypes].map((coinType, i) =>
    genesisCoin(seededId(seed, `faucet coin ${i}`), coinType, owner, RESERVE),
  );
  return { packages: [], objects };
}

/** Gives coins away, by ordinary signed transactions, one at a time. */
export class Faucet {
  private readonly chain: SuiChain;
  private readonly key: Ed25519Keypair;
  private last: Promise<unknown> = Promise.resolve();

  constructor(chain: SuiChain, seed: string) {
    this.chain = chain;
    this.key = faucetKey(seed);
  }

  /** @throws RpcStatus RESOURCE_EXHAUSTED when the faucet is empty */
  give(recipient: Address, gifts: readonly Gift[]): Promise<readonly FaucetCoin[]> {
    const named = gifts.map(({ coinType, amount }) => {
      return { coinType: normalizeType(coinType), amount };
    });
    const given = this.last.then(() => this.send(recipient, named));
    this.last = given.catch(() => {});
    return given;
  }

  private async send(recipient: Address, gifts: readonly Gift[]): Promise<readonly FaucetCoin[]> {
    const tx = new Transaction();
    for (const { coinType, amount } of gifts) {
      const coin = coinType === SUI_TYPE ? tx.gas : tx.objectRef(this.pick(coinType, amount));
      const [part] = tx.splitCoins(coin, [tx.pure.u64(amount)]);
      if (part) tx.transferObjects([part], tx.pure.address(recipient));
    }
    tx.setSender(this.key.toSuiAddress());
    tx.setGasPrice(this.chain.epochState.gasPrice);
    tx.setGasBudget(BUDGET);
    tx.setGasPayment([this.pick(SUI_TYPE, BUDGET)]);
    tx.setExpiration({ None: true });
    const bytes = await tx.build();
    const { signature } = await this.key.signTransaction(bytes);
    const { outcome } = await this.chain.execute(bytes, [fromBase64(signature)]);
    if (outcome.failure) throw new RpcStatus(Code.resourceExhausted, outcome.failure.message);
    return outcome.changes.flatMap(({ after, idOperation }) => {
      if (!after || idOperation !== 'created') return [];
      const coinType = coinTypeOf(after.type);
      if (coinType === undefined) return [];
      const amount = coinBalance(after.contents);
      return [{ objectId: after.id, digest: outcome.digest, coinType, amount }];
    });
  }

  private pick(coinType: string, amount: bigint) {
    const type = formatType(coinOf(parseType(coinType)));
    const owned = this.chain.ledger.objects.ownedBy(this.key.toSuiAddress());
    const coin = owned.filter((object) => object.type === type).sort(compareOwned)[0];
    if (!coin || coinBalance(coin.contents) < amount) {
      throw new RpcStatus(
        Code.resourceExhausted,
        `the faucet has no more coins of type ${coinType}`,
      );
    }
    return { objectId: coin.id, version: coin.version.toString(), digest: coin.digest };
  }
}
