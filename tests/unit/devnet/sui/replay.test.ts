import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReplayError } from '../../../../src/devnet/sui/chain.ts';
import { type ChainLog, memoryLog } from '../../../../src/devnet/sui/ledger/log.ts';
import { fileLog } from '../../../../src/devnet/sui/ledger/log-door.ts';
import {
  call,
  handClock,
  type LocalSui,
  localSui,
  object,
  send,
  write,
  writtenId,
} from '../../../support/devnet/local-sui.ts';
import { callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { WalrusWorld } from '../../../support/devnet/walrus-world.ts';

const SUI = 1_000_000_000n;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-chain-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Some of everything: success, failure, fields, time. */
async function story(sui: LocalSui): Promise<void> {
  const key = await sui.funded('hero', 10n * SUI, 20n * SUI);
  const made = await send(sui, key, (tx) => {
    const [one, two] = [call(tx, 'make', tx.pure.u64(1)), call(tx, 'make', tx.pure.u64(2))];
    call(tx, 'attach', one, tx.pure.u64(5), two);
    tx.transferObjects([one], key.toSuiAddress());
  });
  await sui.chain.advanceClock(3_600_000);
  const id = writtenIds(made)[0] as string;
  await send(sui, key, (tx) => {
    call(tx, 'set', object(sui, tx, id), tx.pure.u64(13));
  });
  await sui.chain.advanceEpoch(900n);
  sui.chain.faults.set({ failExecutions: [{ kind: 'InvariantViolation' }] });
  const transaction = await write(sui, key, (tx) => {
    call(tx, 'share', tx.pure.u64(3));
  });
  const signatures = [(await key.signTransaction(transaction)).signature];
  const failed = await sui.client.core.executeTransaction({ transaction, signatures });
  expect(failed.$kind).toBe('FailedTransaction');
  const shared = await send(sui, key, (tx) => {
    call(tx, 'share', tx.pure.u64(3));
  });
  await send(sui, key, (tx) => {
    call(tx, 'count', object(sui, tx, writtenId(shared, 'Counter')));
  });
}

const writtenIds = (outcome: Awaited<ReturnType<typeof send>>) =>
  outcome.changes
    .filter(({ after }) => after?.type.endsWith('Thing') && after.owner.kind === 'address')
    .map(({ id }) => id);

/** Everything that must be equal after a replay. */
const picture = ({ chain, chain: { ledger } }: LocalSui) => ({
  chainId: ledger.chainId,
  checkpoints: ledger.checkpoints.map(({ digest }) => digest),
  effects: ledger.transactions.map(({ outcome }) => outcome.effectsDigest),
  events: ledger.transactions.map(({ outcome }) => outcome.eventsDigest),
  objects: ledger.objects.size,
  epochs: chain.allEpochs,
});

it('is the same chain after it was opened again, from memory and from a file', async () => {
  const make: [string, () => Promise<ChainLog>][] = [
    ['file', () => fileLog(join(folder, 'deep', 'chain.jsonl'))],
  ];
  const memory = memoryLog();
  make.push(['memory', async () => memory]);
  for (const [, open] of make) {
    const first = await localSui({ log: await open() });
    await story(first);
    const before = picture(first);
    const now = first.chain.now();
    await first.close();
    const second = await localSui({ log: await open() });
    expect(picture(second)).toEqual(before);
    expect(before.effects.length).toBeGreaterThan(6);
    expect(second.chain.now()).toBeGreaterThanOrEqual(now);
    await send(second, await second.funded('heir', SUI), (tx) => {
      call(tx, 'share', tx.pure.u64(1));
    });
    const further = picture(second);
    await second.close();
    const third = await localSui({ log: await open() });
    expect(picture(third)).toEqual(further);
    await third.close();
  }
});

it('is the same chain for all who go on from the same entries, each on its own', async () => {
  const log = memoryLog();
  const first = await localSui({ log });
  await story(first);
  const before = picture(first);
  const entries = await log.read();
  for (let i = 0; i < 3; i++) {
    const next = await localSui({ log: memoryLog(entries) });
    expect(picture(next)).toEqual(before);
    await send(next, await next.funded('heir', SUI), (tx) => {
      call(tx, 'share', tx.pure.u64(1));
    });
    expect(picture(next).effects.length).toBeGreaterThan(before.effects.length);
    await next.close();
  }
});

it('holds certificates for what they were held, those that were refused too', async () => {
  const world = await WalrusWorld.open();
  const calls = callsOf(world);
  const blob = await calls.newBlob(madeUp(1n));
  const signed = world.certificate(calls.messageFor(blob));
  const forged = { ...signed, signature: world.certificate(new Uint8Array(72)).signature };
  const certify = (by: typeof signed) => world.run((tx) => calls.certify(tx, blob, by));
  expectAbort(await certify(forged), 'bls_aggregate', 1);
  expect((await certify(signed)).failure).toBeUndefined();
  const again = await world.reopen();
  const digests = ({ ledger }: typeof again) =>
    ledger.transactions.map(({ outcome }) => outcome.effectsDigest);
  expect(digests(again)).toEqual(digests(world.chain));
  expect(again.ledger.objects.get(blob)).toEqual(world.object(blob));
});

it('is the same chain for the same story at the same times', async () => {
  const pictures = [];
  for (let i = 0; i < 2; i += 1) {
    const sui = await localSui({ clock: handClock() });
    await story(sui);
    pictures.push(picture(sui));
  }
  expect(pictures[1]).toEqual(pictures[0]);
  const later = await localSui({ clock: handClock(1_900_000_000_000) });
  expect(later.chain.ledger.chainId).not.toBe(pictures[0]?.chainId);
});

it('drops half an entry that a killed process left', async () => {
  const path = join(folder, 'torn.jsonl');
  const first = await localSui({ log: await fileLog(path) });
  await story(first);
  const before = picture(first);
  await first.close();
  await appendFile(path, '{"kind":"transaction","bytes":"AAAA');
  const second = await localSui({ log: await fileLog(path) });
  expect(picture(second)).toEqual(before);
  await second.funded('late', SUI);
  await second.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.every((line) => JSON.parse(line).kind)).toBe(true);
  const third = await localSui({ log: await fileLog(path) });
  expect(third.chain.ledger.transactions).toHaveLength(before.effects.length + 1);
  await third.close();
});

it('refuses a log of another chain, and one that no longer leads to the same effects', async () => {
  const log = memoryLog();
  await story(await localSui({ log }));
  const [genesis = '', ...rest] = log.lines;
  const other = memoryLog();
  other.lines.push(genesis.replace(/"chain":"[^"]+"/, `"chain":"${'1'.repeat(32)}"`), ...rest);
  await expect(localSui({ log: other })).rejects.toThrow(ReplayError);
  const altered = memoryLog();
  const at = log.lines.findIndex((line) => line.includes('"transaction"'));
  altered.lines.push(...log.lines);
  altered.lines[at] = (log.lines[at] as string).replace(/"effects":"..../, '"effects":"1111');
  await expect(localSui({ log: altered })).rejects.toThrow(/other effects/);
});

it('does not say yes to what it could not save', async () => {
  const log = memoryLog();
  const sui = await localSui({ log });
  const key = await sui.funded('hero', SUI);
  log.append = async () => {
    throw new Error('disk full');
  };
  const sending = send(sui, key, (tx) => {
    call(tx, 'share', tx.pure.u64(1));
  });
  await expect(sending).rejects.toThrow(/log of the chain cannot be written/);
});
