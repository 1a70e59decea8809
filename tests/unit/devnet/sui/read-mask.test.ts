import { GrpcTypes } from '@mysten/sui/grpc';
import { expect, it } from 'vitest';
import { executedMessage } from '../../../../src/devnet/sui/rpc/proto/executed.ts';
import { applyMask } from '../../../../src/devnet/sui/rpc/read-mask.ts';
import { call, localSui, submit } from '../../../support/devnet/local-sui.ts';

async function executed() {
  const sui = await localSui();
  const key = await sui.funded('owner', 1_000_000_000n);
  const done = await submit(sui, key, (tx) => {
    tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], key.toSuiAddress());
  });
  return executedMessage(done, sui.chain.ledger);
}

it('leaves what is asked for, at any depth', async () => {
  const whole = await executed();
  const mask = (...paths: string[]) =>
    applyMask(GrpcTypes.ExecutedTransaction, whole, { paths }, []);
  expect(mask('digest')).toEqual({
    digest: whole.digest,
    signatures: [],
    balanceChanges: [],
  });
  expect(mask('*')).toBe(whole);
  expect(mask('effects').effects).toBe(whole.effects);
  const ids = mask('effects.changed_objects.object_id', 'effects.status').effects;
  expect(ids?.changedObjects).toEqual(
    whole.effects?.changedObjects.map(({ objectId }) => ({ objectId })),
  );
  expect(ids?.status).toEqual(whole.effects?.status);
  expect(ids?.bcs).toBeUndefined();
  for (const paths of [
    ['effects', 'effects.status'],
    ['effects.status', 'effects'],
  ]) {
    expect(mask(...paths).effects?.bcs).toBeDefined();
  }
});

it('keeps one-of fields together with their kind', async () => {
  const whole = await executed();
  const { transaction } = applyMask(
    GrpcTypes.ExecutedTransaction,
    whole,
    { paths: ['transaction.kind.programmable_transaction.commands', 'transaction.sender'] },
    [],
  );
  const data = transaction?.kind?.data;
  if (data?.oneofKind !== 'programmableTransaction') throw new Error('the kind is lost');
  expect(data.programmableTransaction.commands).toHaveLength(2);
  expect(data.programmableTransaction.inputs).toEqual([]);
  const bytes = GrpcTypes.ExecutedTransaction.toBinary(
    GrpcTypes.ExecutedTransaction.create({ transaction: transaction as never }),
  );
  expect(GrpcTypes.ExecutedTransaction.fromBinary(bytes).transaction).toMatchObject({
    sender: whole.transaction?.sender,
  });
});

it('takes the defaults of a method without a mask, and refuses paths that do not exist', async () => {
  const whole = await executed();
  const type = GrpcTypes.ExecutedTransaction;
  expect(applyMask(type, whole, undefined, ['checkpoint']).checkpoint).toBe(whole.checkpoint);
  expect(applyMask(type, whole, { paths: [] }, ['digest']).checkpoint).toBeUndefined();
  for (const path of ['nothing', 'effects.nothing', 'digest.more', '']) {
    expect(() => applyMask(type, whole, { paths: [path] }, [])).toThrow(/read_mask/);
  }
});
