import { expect, test } from 'vitest';
import type { StakedWal, StakingPool } from '../../../../src/chain/layouts/staking.ts';
import { possessionMessage } from '../../../../src/devnet/sui/move/messages.ts';
import { advancePool } from '../../../../src/devnet/sui/move/pool-epoch.ts';
import {
  requestWithdraw,
  stake,
  walBalanceAt,
  withdraw,
} from '../../../../src/devnet/sui/move/pool-stake.ts';
import { newPool } from '../../../../src/devnet/sui/move/staking-pool.ts';
import { publicKeyOf, signMessage } from '../../../../src/protocol/certificate.ts';
import { bareCall } from '../../../support/devnet/bare-call.ts';
import { secretKey, WAL } from '../../../support/devnet/walrus-world.ts';

/** One pool through its epochs, in the committee all the time. */
class Story {
  readonly call = bareCall();
  readonly pool: StakingPool;
  epoch = 0;
  selected = false;

  constructor(commissionRate = 0) {
    const secret = secretKey(1);
    const publicKey = publicKeyOf(secret).compressed;
    const sender = new Uint8Array(32).fill(0x5e);
    this.pool = newPool(
      this.call,
      {
        ...{ name: 'pool', networkAddress: 'a:1', publicKey, commissionRate },
        metadata: {
          ...{ image_url: '', project_url: '', description: '' },
          extra_fields: { contents: [] },
        },
        networkPublicKey: new Uint8Array(33),
        proofOfPossession: signMessage(secret, possessionMessage(0, sender, publicKey)),
        ...{ storagePrice: 1n, writePrice: 1n, nodeCapacity: 1n },
      },
      this.at,
    );
  }

  get at() {
    return { epoch: this.epoch, committeeSelected: this.selected };
  }

  next(frost: bigint): void {
    this.epoch += 1;
    this.selected = false;
    advancePool(this.call, this.pool, { value: frost }, this.epoch);
  }

  stake(wal: bigint): StakedWal {
    return stake(this.call, this.pool, { value: wal * WAL }, this.at);
  }

  request(staked: StakedWal): void {
    const member = { current: true, next: this.selected };
    requestWithdraw(this.call, this.pool, staked, member, this.at);
  }

  withdraw(staked: StakedWal): bigint {
    const member = { current: true, next: false };
    return withdraw(this.call, this.pool, staked, member, this.at).value;
  }

  /** in WAL, at epochs */
  balances(...epochs: number[]): bigint[] {
    return epochs.map((epoch) => walBalanceAt(this.call, this.pool, epoch) / WAL);
  }
}

// The stories and their numbers are those of the contract's own tests.
test('stake, its rewards, and stake that leaves in different epochs', () => {
  const story = new Story();
  const a = story.stake(1000n);
  expect(story.balances(1, 2)).toEqual([1000n, 1000n]);
  story.selected = true;
  const b = story.stake(1000n);
  expect(story.balances(0, 1, 2)).toEqual([0n, 1000n, 2000n]);

  story.next(0n);
  expect(story.balances(1, 2, 3)).toEqual([1000n, 2000n, 2000n]);
  const c = story.stake(2000n);
  expect(story.balances(1, 2, 3)).toEqual([1000n, 4000n, 4000n]);
  story.selected = true;
  const d = story.stake(2000n);
  expect(story.balances(1, 2, 3)).toEqual([1000n, 4000n, 6000n]);

  story.next(1000n * WAL);
  expect(story.balances(2, 3, 4)).toEqual([5000n, 7000n, 7000n]);
  story.request(a);
  expect(story.balances(2, 3, 4)).toEqual([5000n, 5000n, 5000n]);
  story.selected = true;
  story.request(b);
  expect(story.balances(2, 3, 4)).toEqual([5000n, 5000n, 4000n]);

  story.next(5000n * WAL);
  expect(story.balances(3, 4, 5)).toEqual([8000n, 6000n, 6000n]);
  story.request(c);
  expect(story.balances(3, 4, 5)).toEqual([8000n, 2000n, 2000n]);
  story.selected = true;
  story.request(d);
  expect(story.balances(3, 4, 5)).toEqual([8000n, 2000n, 0n]);

  story.next(4000n * WAL);
  expect(story.balances(4, 5)).toEqual([3000n, 0n]);
  story.next(0n);
  expect(story.balances(5)).toEqual([0n]);
  expect([a, b, c, d].map((staked) => story.withdraw(staked) / WAL)).toEqual([
    4000n,
    3000n,
    6000n,
    3000n,
  ]);
  expect(story.pool.rewards_pool.value).toBe(0n);
});

test('later stake does not share in earlier rewards', () => {
  const story = new Story();
  const a = story.stake(1000n);
  story.next(0n);
  const b = story.stake(2000n);
  story.next(1000n * WAL);
  story.request(a);
  story.next(1000n * WAL);
  story.request(b);
  expect(story.withdraw(a)).toBe(2500n * WAL);
  story.next(0n);
  expect(story.withdraw(b)).toBe(2500n * WAL);
  expect(story.pool.wal_balance).toBe(0n);
});

test('what cannot be divided stays in the pool', () => {
  const story = new Story();
  const [a, b] = [story.stake(100n), story.stake(100n)];
  story.next(0n);
  story.next(201n);
  for (const staked of [a, b]) story.request(staked);
  story.next(0n);
  expect([a, b].map((staked) => story.withdraw(staked))).toEqual([
    100n + 100n * WAL,
    100n + 100n * WAL,
  ]);
  expect(story.pool.rewards_pool.value).toBe(1n);
});

test('the commission is taken first, rounded down', () => {
  const story = new Story(1000);
  const a = story.stake(100n);
  story.next(0n);
  story.next(202n);
  expect(story.pool.commission.value).toBe(20n);
  expect(story.pool.wal_balance).toBe(182n + 100n * WAL);
  story.request(a);
  story.next(0n);
  expect(story.withdraw(a)).toBe(182n + 100n * WAL);
});

test('stake asked back before it was active serves for one epoch', () => {
  const story = new Story();
  story.stake(1000n);
  story.next(0n);
  const early = story.stake(1000n);
  story.selected = true;
  story.request(early); // counted for epoch 2 already
  expect(early.state).toMatchObject({ Withdrawing: { withdraw_epoch: 3 } });
  expect(story.balances(2, 3)).toEqual([2000n, 1000n]);
  story.next(0n);
  expect(() => story.withdraw(early)).toThrow('staking_pool 11');
  story.next(1000n * WAL); // of epoch 2, half of it for each
  expect(story.withdraw(early)).toBe(1500n * WAL);
  expect(story.pool.wal_balance).toBe(1500n * WAL);
});

test('an epoch is advanced once, and rewards need stake', () => {
  const story = new Story();
  story.next(0n);
  expect(() => advancePool(story.call, story.pool, { value: 0n }, 1)).toThrow('staking_pool 0');
  expect(() => story.next(1n)).toThrow('staking_pool 2');
});
