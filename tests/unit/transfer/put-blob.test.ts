import { afterEach, describe, expect, it } from 'vitest';
import { PENDING_OFF } from '../../../src/devnet/node/pending.ts';
import { verifyCertificate } from '../../../src/protocol/certificate.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import type { PutProgress, Registration } from '../../../src/transfer/put-types.ts';
import { TransferWorld } from '../../support/devnet/transfer-world.ts';
import { quickClock } from '../../support/quick-clock.ts';

let world: TransferWorld;
afterEach(() => world.close());

const open = async (...o: Parameters<typeof TransferWorld.open>) => {
  world = await TransferWorld.open(...o);
};
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const once = (count: number) => Array.from({ length: count }, () => 1);

describe('putBlob', { timeout: 120_000 }, () => {
  it.each([false, true])('gives what the contract takes; deletable: %s', async (deletable) => {
    await open();
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob, deletable);
    const progress: PutProgress[] = [];
    const outcome = await world.put(blob, {
      registration: deletable ? { objectId } : {},
      onProgress: (now) => progress.push(now),
    });
    expect(verifyCertificate(outcome.committee, outcome.certificate)).toBe(true);
    await world.certify(blob, objectId, outcome, deletable);
    expect(await outcome.tail).toEqual({ confirmedWeight: 13, failed: [] });
    expect([...world.sliverPuts().values()]).toEqual(once(26));
    const { storedBytes, totalBytes, ...weights } = progress.at(-1) as PutProgress;
    expect(storedBytes).toBe(totalBytes);
    expect(weights).toEqual({ confirmedWeight: 13, quorumWeight: 9 });
  });

  it('brings slivers to no more nodes than a quorum needs before it has one', async () => {
    await open();
    const blob = await world.encode(5_000);
    await world.register(blob);
    const { tail } = await world.put(blob);
    const served = () =>
      new Set(
        world.requests().flatMap(({ node, path }) => (path.includes('/slivers/') ? node : [])),
      );
    // The certificate is there first: who can store it on chain has line and processor alone.
    expect(served().size).toBeLessThan(5);
    await tail;
    expect(served().size).toBe(5);
    const paths = world.requests();
    const at = (node: number, part: string) =>
      paths.findIndex((each) => each.node === node && each.path.includes(part));
    const last = [0, 1, 2, 3, 4].sort((a, b) => at(a, '/slivers/') - at(b, '/slivers/')).at(-1);
    const confirmed = paths.filter(
      ({ path }, i) => path.includes('/confirmation/') && i < at(last as number, '/slivers/'),
    );
    expect(confirmed.length).toBeGreaterThanOrEqual(3);
  });

  it('asks a node for no more at a time than a browser has connections', async () => {
    await open({ weights: [40, 40, 20] });
    const blob = await world.encode(20_000);
    await world.register(blob);
    await (await world.put(blob)).tail;
    const { nodes } = world.network.fleet.log.maxInFlight;
    for (const node of [0, 1, 2]) expect(nodes[node]).toBeLessThanOrEqual(6);
    expect(nodes[0]).toBeGreaterThan(1);
  });

  it('goes on where another try was ended, and sends nothing twice', async () => {
    await open({ weights: [30, 30, 20, 10, 10] });
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob);
    for (const stopAfter of [10, 20, 30]) {
      const stop = new AbortController();
      let stored = 0;
      const job = world.job(blob);
      const ended = world.put(
        blob,
        {
          onFact(fact) {
            job.onFact?.(fact);
            if (fact.kind === 'sliver' && ++stored === stopAfter) stop.abort();
          },
        },
        stop.signal,
      );
      expect(isHauloutError(await errorOf(ended), 'aborted')).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 50)); // what is under way arrives
    }
    const outcome = await world.put(blob);
    await world.certify(blob, objectId, outcome);
    await outcome.tail;
    expect([...world.sliverPuts().values()]).toEqual(once(200));
  });

  it('asks for nothing that is in the journal, and again where the journal is damaged', async () => {
    await open();
    const blob = await world.encode(1_000);
    const { objectId } = await world.register(blob);
    await (await world.put(blob)).tail;
    const before = world.network.fleet.log.next;
    const again = await world.put(blob);
    expect(world.requests(before)).toEqual([]);
    await world.certify(blob, objectId, again);

    const journal = world.journal.get(blob.blobId);
    for (const [nodeId, facts] of [...(journal ?? [])].slice(0, 3)) {
      const confirmation = { epoch: 1, signature: new Uint8Array(96).fill(7) };
      journal?.set(nodeId, { ...facts, confirmation });
    }
    const third = await world.put(blob);
    expect(verifyCertificate(third.committee, third.certificate)).toBe(true);
    expect((await third.tail).confirmedWeight).toBe(13);
    expect(world.requests(before).some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('sends nothing that somebody else has stored', async () => {
    await open();
    const blob = await world.encode(1_000);
    await world.register(blob);
    await (await world.put(blob)).tail;
    world.journal.clear();
    const before = world.network.fleet.log.next;
    const { objectId } = await world.register(blob);
    const outcome = await world.put(blob);
    await outcome.tail;
    await world.certify(blob, objectId, outcome);
    expect(world.requests(before).filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(world.requests(before)).toHaveLength(10); // a question and a confirmation per node
  });
});

describe('putBlob while the approval is open', { timeout: 120_000 }, () => {
  const approval = () => {
    let settle: (how: Registration | Error) => void = () => {};
    const promise = new Promise<Registration>((resolve, reject) => {
      settle = (how) => (how instanceof Error ? reject(how) : resolve(how));
    });
    return { promise, settle };
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('has everything at the nodes when it ends, and sends nothing twice', async () => {
    await open({ chainDelayMs: [20, 200] });
    const blob = await world.encode(5_000);
    const { promise, settle } = approval();
    const done = world.put(blob, { registration: promise });
    await until(() => world.sliverPuts().size === 26);
    expect(world.facts).toEqual([]); // in memory is not stored
    const { objectId } = await world.register(blob, true);
    settle({ objectId });
    const outcome = await done;
    await world.certify(blob, objectId, outcome, true);
    await outcome.tail;
    expect([...world.sliverPuts().values()]).toEqual(once(26));
    expect(world.facts.filter(({ kind }) => kind === 'sliver')).toHaveLength(26);
  });

  it('sends again to nodes that forgot, and to no others', async () => {
    await open();
    const blob = await world.encode(5_000);
    const { promise, settle } = approval();
    const done = world.put(blob, { registration: promise });
    await until(() => world.sliverPuts().size === 26);
    await world.network.nodes[0]?.restart();
    world.network.nodes[1]?.node?.evict();
    const { objectId } = await world.register(blob);
    settle({});
    const outcome = await done;
    await world.certify(blob, objectId, outcome);
    expect((await outcome.tail).confirmedWeight).toBe(13);
    const puts = [...world.sliverPuts()];
    for (const [path, count] of puts)
      expect(count).toBe(path.startsWith('0 ') || path.startsWith('1 ') ? 2 : 1);
  });

  it('waits where nodes keep nothing, and then sends everything once', async () => {
    await open({ pending: PENDING_OFF, chainDelayMs: [20, 200] });
    const blob = await world.encode(5_000);
    const { promise, settle } = approval();
    const done = world.put(blob, { registration: promise });
    await until(() => world.requests().filter(({ method }) => method === 'PUT').length === 5);
    const { objectId } = await world.register(blob);
    settle({});
    const outcome = await done;
    await world.certify(blob, objectId, outcome);
    await outcome.tail;
    expect([...world.sliverPuts().values()]).toEqual(once(26));
  });

  it('ends with the reason why the approval ended', async () => {
    await open();
    const blob = await world.encode(5_000);
    const { promise, settle } = approval();
    const done = errorOf(world.put(blob, { registration: promise }));
    await until(() => world.sliverPuts().size > 5);
    const reason = new Error('declined');
    settle(reason);
    expect(await done).toBe(reason);
  });
});

describe('putBlob with too little', { timeout: 120_000 }, () => {
  it('says how much confirmed and who failed why; later it sends only what is missing', async () => {
    await open({}, { clock: quickClock(10) });
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob);
    const [first, second] = world.network.nodes;
    await first?.setFaults([{ action: { type: 'refuse' } }]);
    await second?.setFaults([
      { match: { route: 'confirmation' }, action: { type: 'badSignature' } },
    ]);
    const error = await errorOf(world.put(blob, { patienceMs: 5_000 }));
    expect(isHauloutError(error, 'quorum-unreached') && error.detail).toEqual({
      have: 7,
      need: 9,
      failed: expect.arrayContaining([
        { nodeId: first?.identity.nodeId, reason: 'host-unreachable' },
        { nodeId: second?.identity.nodeId, reason: 'signature' },
      ]),
    });
    for (const slot of world.network.nodes) await slot.setFaults([]);
    const outcome = await world.put(blob);
    await world.certify(blob, objectId, outcome);
    expect((await outcome.tail).confirmedWeight).toBe(13);
    expect([...world.sliverPuts().values()]).toEqual(once(26));
  });

  it('tells wrong slivers of ours from nodes that lie', async () => {
    await open();
    const [blob, other] = [await world.encode(5_000), await world.encode(5_000, 2)];
    await world.register(blob);
    const { slivers } = world.job(other);
    const error = await errorOf(world.put(blob, { slivers }));
    expect(isHauloutError(error, 'blob-refused') && error.detail).toEqual({
      blobId: blob.blobId,
      reason: 'INVALID_SLIVER',
    });
  });

  it('ends with the error of whoever gives the slivers', async () => {
    await open();
    const blob = await world.encode(5_000);
    await world.register(blob);
    const reason = new Error('the disk is gone');
    const slivers = () => Promise.reject(reason);
    expect(await errorOf(world.put(blob, { slivers }))).toBe(reason);
  });
});
