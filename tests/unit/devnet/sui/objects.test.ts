import { bcs } from '@mysten/sui/bcs';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/devnet/sui/execute/run.ts';
import { effectsMessage } from '../../../../src/devnet/sui/rpc/proto/effects.ts';
import {
  call,
  type LocalSui,
  localSui,
  object,
  send,
  writtenId,
} from '../../../support/devnet/local-sui.ts';
import { COUNTER_ID, TEST_PACKAGE } from '../../../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

describe('objects and their versions', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  let owner: string;
  beforeAll(async () => {
    sui = await localSui();
    key = await sui.funded('owner', 100n * SUI);
    owner = key.toSuiAddress();
  });

  const make = async (value = 1n) => {
    const outcome = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'make', tx.pure.u64(value))], owner);
    });
    expect(outcome.failure).toBeUndefined();
    return writtenId(outcome, 'Thing');
  };
  const stored = (id: string) => sui.chain.ledger.objects.get(id);
  const changeOf = ({ changes }: Outcome, id: string) => changes.find((change) => change.id === id);

  it('gives everything that is written one version, above all inputs', async () => {
    const id = await make();
    const before = stored(id);
    const outcome = await send(sui, key, (tx) => {
      call(tx, 'set', object(sui, tx, id), tx.pure.u64(2));
    });
    const after = stored(id);
    expect(after?.version).toBe(outcome.version);
    expect(outcome.version).toBeGreaterThan(before?.version ?? 0n);
    expect(after?.previousTransaction).toBe(outcome.digest);
    expect(after?.digest).not.toBe(before?.digest);
    for (const { after: written } of outcome.changes) {
      expect(written?.version).toBe(outcome.version);
    }
  });

  it('rolls back all but the gas when a function aborts, and moves versions on', async () => {
    const id = await make();
    const before = stored(id);
    const outcome = await send(sui, key, (tx) => {
      call(tx, 'set', object(sui, tx, id), tx.pure.u64(5));
      call(tx, 'set', object(sui, tx, id), tx.pure.u64(13));
    });
    expect(outcome.failure?.reason).toMatchObject({
      kind: 'MoveAbort',
      code: 13n,
      module: 'things',
    });
    expect(outcome.failure?.command).toBe(1);
    expect(stored(id)?.contents).toEqual(before?.contents);
    expect(stored(id)?.version).toBe(outcome.version);
    expect(outcome.changes).toHaveLength(2);
    expect(outcome.events).toEqual([]);
    expect(outcome.gas.computationCost).toBe(1_000_000n);
  });

  it('wraps, unwraps and deletes as Sui does', async () => {
    const id = await make();
    const wrapped = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'wrap', object(sui, tx, id))], owner);
    });
    expect(changeOf(wrapped, id)).toMatchObject({ after: undefined, idOperation: 'none' });
    expect(stored(id)).toBeUndefined();
    const box = writtenId(wrapped, 'Box');
    expect(changeOf(wrapped, box)?.idOperation).toBe('created');

    const unwrapped = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'unwrap', object(sui, tx, box))], owner);
    });
    expect(changeOf(unwrapped, id)).toMatchObject({ before: undefined, idOperation: 'none' });
    expect(changeOf(unwrapped, box)).toMatchObject({ after: undefined, idOperation: 'deleted' });
    expect(stored(id)?.version).toBe(unwrapped.version);

    const again = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'wrap', object(sui, tx, id))], owner);
    });
    const destroyed = await send(sui, key, (tx) => {
      call(tx, 'destroy', call(tx, 'unwrap', object(sui, tx, writtenId(again, 'Box'))));
    });
    expect(changeOf(destroyed, id)).toMatchObject({
      before: undefined,
      after: undefined,
      idOperation: 'deleted',
    });
  });

  it('does not mention what was made and destroyed, but what was made and wrapped', async () => {
    const nothing = await send(sui, key, (tx) => {
      call(tx, 'destroy', call(tx, 'make', tx.pure.u64(1)));
    });
    expect(nothing.failure).toBeUndefined();
    expect(nothing.changes).toHaveLength(1);
    expect(nothing.events).toHaveLength(1);
    const boxed = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'wrap', call(tx, 'make', tx.pure.u64(1)))], owner);
    });
    const inside = boxed.changes.filter(({ before, after }) => !before && !after);
    expect(inside.map(({ idOperation }) => idOperation)).toEqual(['created']);
  });

  it('keeps dynamic fields as objects of their parent', async () => {
    const id = await make();
    const fieldId = deriveDynamicFieldID(id, 'u64', bcs.u64().serialize(1).toBytes());
    const added = await send(sui, key, (tx) => {
      call(tx, 'note', object(sui, tx, id), tx.pure.u64(7));
    });
    expect(changeOf(added, fieldId)?.idOperation).toBe('created');
    expect(stored(fieldId)).toMatchObject({ owner: { kind: 'object', parent: id } });
    const twice = await send(sui, key, (tx) => {
      call(tx, 'note', object(sui, tx, id), tx.pure.u64(8));
    });
    expect(twice.failure?.reason).toMatchObject({ module: 'dynamic_field', code: 0n });
    const changed = await send(sui, key, (tx) => {
      call(tx, 'change_note', object(sui, tx, id), tx.pure.u64(9));
    });
    expect(changeOf(changed, fieldId)).toMatchObject({ idOperation: 'none' });
    expect(stored(fieldId)?.contents.at(-8)).toBe(9);
  });

  it('attaches and detaches objects', async () => {
    const [parent, child] = [await make(1n), await make(2n)];
    const attached = await send(sui, key, (tx) => {
      call(tx, 'attach', object(sui, tx, parent), tx.pure.u64(1), object(sui, tx, child));
    });
    const field = stored(child)?.owner;
    if (field?.kind !== 'object') throw new Error('the child is not held by a field');
    expect(stored(field.parent)?.owner).toEqual({ kind: 'object', parent });
    expect(changeOf(attached, child)?.idOperation).toBe('none');
    const direct = send(sui, key, (tx) => {
      call(tx, 'set', object(sui, tx, child), tx.pure.u64(3));
    });
    await expect(direct).rejects.toThrow(/is owned by object/);
    const detached = await send(sui, key, (tx) => {
      const back = call(tx, 'detach', object(sui, tx, parent), tx.pure.u64(1));
      tx.transferObjects([back], owner);
    });
    expect(changeOf(detached, field.parent)?.idOperation).toBe('deleted');
    expect(stored(child)?.owner).toEqual({ kind: 'address', address: owner });
    const missing = await send(sui, key, (tx) => {
      const back = call(tx, 'detach', object(sui, tx, parent), tx.pure.u64(1));
      tx.transferObjects([back], owner);
    });
    expect(missing.failure?.reason).toMatchObject({ module: 'dynamic_field', code: 1n });
  });

  it('shares, reads shared objects without a new version, and refuses to swallow them', async () => {
    const made = await send(sui, key, (tx) => {
      call(tx, 'share', tx.pure.u64(4));
    });
    const id = writtenId(made, 'Counter');
    expect(stored(id)?.owner).toEqual({ kind: 'shared', initialVersion: made.version });
    const read = await send(sui, key, (tx) => {
      call(tx, 'read', object(sui, tx, id, false));
    });
    expect(read.readShared.map((each) => each.id)).toEqual([id]);
    expect(stored(id)?.version).toBe(made.version);
    const wrong = await send(sui, key, (tx) => {
      call(tx, 'count', object(sui, tx, id, false));
    });
    expect(wrong.failure?.reason).toMatchObject({ fault: 'InvalidObjectByMutRef' });
    const swallowed = await send(sui, key, (tx) => {
      call(tx, 'swallow', object(sui, tx, id));
    });
    expect(swallowed.failure?.reason.kind).toBe('SharedObjectOperationNotAllowed');
    const elsewhere = send(sui, key, (tx) => {
      const at = { objectId: id, initialSharedVersion: '1', mutable: true };
      call(tx, 'count', tx.sharedObjectRef(at));
    });
    await expect(elsewhere).rejects.toThrow(/was shared at version/);
  });

  it('freezes for good', async () => {
    const id = await make();
    const type = `${TEST_PACKAGE}::things::Thing`;
    const target = '0x2::transfer::public_freeze_object';
    await send(sui, key, (tx) => {
      tx.moveCall({ target, typeArguments: [type], arguments: [object(sui, tx, id)] });
    });
    expect(stored(id)?.owner).toEqual({ kind: 'immutable' });
    const read = await send(sui, key, (tx) => {
      call(tx, 'value', object(sui, tx, id));
    });
    expect(read.failure).toBeUndefined();
    const written = await send(sui, key, (tx) => {
      call(tx, 'set', object(sui, tx, id), tx.pure.u64(1));
    });
    expect(written.failure?.reason).toMatchObject({ fault: 'InvalidObjectByMutRef' });
    const given = await send(sui, key, (tx) => {
      tx.transferObjects([object(sui, tx, id)], owner);
    });
    expect(given.failure?.reason).toMatchObject({ fault: 'InvalidObjectByValue' });
  });

  it('knows which version of a package was called', async () => {
    for (const [id, version] of [
      ['0x7e57', '1'],
      ['0x7e58', '2'],
    ]) {
      const outcome = await send(sui, key, (tx) => {
        tx.moveCall({ target: `${id}::things::version` });
      });
      expect(bcs.u64().parse(outcome.returned[0]?.[0]?.bytes ?? new Uint8Array())).toBe(version);
    }
  });

  it('tells the same in BCS and in protobuf', async () => {
    const id = await make();
    const outcomes = [
      await send(sui, key, (tx) => {
        const box = call(tx, 'wrap', object(sui, tx, id));
        call(tx, 'count', object(sui, tx, COUNTER_ID));
        tx.transferObjects([box], owner);
      }),
      await send(sui, key, (tx) => {
        call(tx, 'read', object(sui, tx, COUNTER_ID, false));
        call(tx, 'set', call(tx, 'make', tx.pure.u64(1)), tx.pure.u64(13));
      }),
    ];
    for (const outcome of outcomes) {
      const { V2: effects } = bcs.TransactionEffects.parse(outcome.effects);
      const message = effectsMessage(outcome);
      expect(effects?.transactionDigest).toBe(message.transactionDigest);
      expect(effects?.lamportVersion).toBe(message.lamportVersion?.toString());
      expect(effects?.dependencies).toEqual(message.dependencies);
      expect(effects?.changedObjects.map(([changed]) => changed)).toEqual(
        message.changedObjects.map(({ objectId }) => objectId),
      );
      const gas = effects?.changedObjects[effects.gasObjectIndex ?? -1];
      expect(gas?.[0]).toBe(message.gasObject?.objectId);
      const written = effects?.changedObjects.map(
        ([, { outputState }]) => outputState.ObjectWrite?.[0],
      );
      expect(written).toEqual(message.changedObjects.map(({ outputDigest }) => outputDigest));
      expect(effects?.gasUsed.storageRebate).toBe(message.gasUsed?.storageRebate?.toString());
      expect(effects?.unchangedConsensusObjects.map(([read]) => read)).toEqual(
        message.unchangedConsensusObjects.map(({ objectId }) => objectId),
      );
      expect(effects?.status.$kind).toBe(message.status?.success ? 'Success' : 'Failure');
    }
  });
});
