import { hexToBytes } from '@noble/hashes/utils.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { parseBlobId } from '../../../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import { verifySignature } from '../../../../src/protocol/certificate.ts';
import { confirmationMessage, readConfirmation } from '../../../../src/protocol/messages.ts';
import { objectIdOf } from '../../../support/devnet/chain-double.ts';
import {
  EVENT,
  encodedBlob,
  expectFailure,
  expectPlain,
  NodeCalls,
  OBJECT,
  register,
} from '../../../support/devnet/node-calls.ts';
import { startFleet } from '../../../support/devnet/test-fleet.ts';

let fleet: NodeFleet;
let node: NodeCalls;
let blob: EncodedBlob;
beforeEach(async () => {
  ({ fleet } = await startFleet());
  node = new NodeCalls(fleet);
  blob = await encodedBlob(1_000);
});
const PRECONDITION = [400, 'FAILED_PRECONDITION'] as const;

interface Signed {
  success: { data: { signed: { serializedMessage: string; signature: string } } };
}

async function signedBy(response: Response) {
  expect(response.status).toBe(200);
  const { signed } = ((await response.json()) as Signed).success.data;
  expect(Object.keys(signed)).toEqual(['serializedMessage', 'signature']);
  const from = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
  return { message: from(signed.serializedMessage), signature: from(signed.signature) };
}

describe('confirmations', () => {
  it('sign the message of a permanent blob', async () => {
    await register(fleet, blob);
    await node.upload(blob);
    const { message, signature } = await signedBy(await node.confirm(blob));
    const expected = confirmationMessage({ epoch: 1, blobId: parseBlobId(blob.blobId) });
    expect(message).toEqual(expected);
    const { publicKey } = fleet.slot(0).identity;
    expect(verifySignature(publicKey, message, signature)).toBe(true);
  });

  it('sign the message of a deletable blob, for its own object only', async () => {
    await register(fleet, blob, { deletable: true });
    await node.upload(blob);
    const { message, signature } = await signedBy(await node.confirm(blob, OBJECT));
    const objectId = hexToBytes(OBJECT.slice(2));
    const blobId = parseBlobId(blob.blobId);
    expect(message).toEqual(confirmationMessage({ epoch: 1, blobId, objectId }));
    expect(verifySignature(fleet.slot(0).identity.publicKey, message, signature)).toBe(true);
    const other = await node.confirm(blob, objectIdOf('other'));
    await expectFailure(other, ...PRECONDITION, 'NOT_REGISTERED');
  });

  it('check registration, then slivers, then the object', async () => {
    const other = objectIdOf('other');
    await expectFailure(await node.confirm(blob, other), ...PRECONDITION, 'NOT_REGISTERED');
    await register(fleet, blob);
    await expectFailure(await node.confirm(blob, other), ...PRECONDITION, 'MISSING_SLIVERS');
    await node.putMetadata(blob);
    const [first, ...rest] = node.pairs(blob);
    for (const pair of rest) {
      await node.putSliver(blob, 'primary', pair);
      await node.putSliver(blob, 'secondary', pair);
    }
    await node.putSliver(blob, 'primary', first as number);
    await expectFailure(await node.confirm(blob), ...PRECONDITION, 'MISSING_SLIVERS');
    await node.putSliver(blob, 'secondary', first as number);
    await expectFailure(await node.confirm(blob, other), ...PRECONDITION, 'NOT_REGISTERED');
    expect((await node.confirm(blob)).status).toBe(200);
  });

  it('refuse an object that was deleted', async () => {
    await register(fleet, blob, { deletable: true });
    await register(fleet, blob, { deletable: true, objectId: objectIdOf('second') });
    await node.upload(blob);
    fleet.tell({ type: 'deleted', blobId: blob.blobId, objectId: OBJECT, event: EVENT });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expectFailure(await node.confirm(blob, OBJECT), ...PRECONDITION, 'NOT_REGISTERED');
    expect((await node.confirm(blob, objectIdOf('second'))).status).toBe(200);
  });
});

describe('long polling', () => {
  const wait = '?wait_for_registration=true&wait_millis=2000';

  it('waits for the registration of what is in memory', async () => {
    await node.upload(blob, true);
    const waiting = node.confirm(blob, undefined, wait);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await register(fleet, blob);
    expect((await waiting).status).toBe(200);
  });

  it('confirms in the epoch that has begun meanwhile', async () => {
    await node.upload(blob, true);
    const waiting = node.confirm(blob, undefined, wait);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { current } = fleet.slot(0).node?.core.registry ?? {};
    if (current === undefined) throw new Error('the node knows no committee');
    fleet.tell({ type: 'epoch', state: 'done', current: { ...current, epoch: 7 } });
    await register(fleet, blob);
    const { message } = await signedBy(await waiting);
    expect(readConfirmation(message)?.epoch).toBe(7);
  });

  it('answers at once where nothing is in memory', async () => {
    const begin = performance.now();
    await expectFailure(
      await node.confirm(blob, undefined, wait),
      ...PRECONDITION,
      'NOT_REGISTERED',
    );
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('ends after the time of the client, or of the node', async () => {
    await node.upload(blob, true);
    const short = '?wait_for_registration=true&wait_millis=30';
    await expectFailure(
      await node.confirm(blob, undefined, short),
      ...PRECONDITION,
      'NOT_REGISTERED',
    );
    const { fleet: other } = await startFleet({ settings: { longPollMs: 0 } });
    const strict = new NodeCalls(other);
    await strict.upload(blob, true);
    const begin = performance.now();
    await expectFailure(
      await strict.confirm(blob, undefined, wait),
      ...PRECONDITION,
      'NOT_REGISTERED',
    );
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('refuses values that are none', async () => {
    for (const query of ['?wait_for_registration=yes', '?wait_millis=-1', '?wait_millis=1e3']) {
      await expectPlain(await node.confirm(blob, undefined, query), 400);
    }
  });
});
