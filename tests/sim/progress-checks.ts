import { lockOf } from '../../src/flows/store/job-lock.ts';
import type { IntentFact, JobRecord } from '../../src/store/journal-facts.ts';
import { type Place, SliverSet } from '../../src/transfer/node-facts.ts';
import type { NodeFacts } from '../../src/transfer/put-types.ts';
import type { CommitWatch, Profile } from './life.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export type AnyProfile = Profile<Record<string, unknown>>;

/**
 * I4: a fact that is written down stays as it is. I11: only who has the lock of a job writes facts of it, and what its
 * nodes hold; a page that was robbed of it may try, and must fail as soon as another one has written a fact.
 */
export const watchFacts: CommitWatch = (profile, life, writes, before) => {
  for (const { store, key, value } of writes) {
    if (!['facts', 'holdings'].includes(store) || value === undefined) continue;
    if (store === 'facts' && before.get(store)?.has(key))
      throw new Violation('I4', `the fact ${key} was overwritten`);
    if (profile.robbed.has(life)) continue;
    const intentId = key.slice(0, key.indexOf('/'));
    const known = [...(before.get('jobs')?.values() ?? [])].map((row) => row.value);
    const begun = writes.filter((each) => each.store === 'jobs').map((each) => each.value);
    const job = [...known, ...begun].find((each) =>
      (each as JobRecord | undefined)?.intentIds.includes(intentId),
    ) as JobRecord | undefined;
    if (job !== undefined && profile.holderOf(lockOf(job.jobId)) === life) continue;
    const what = store === 'facts' ? (value as IntentFact).kind : store;
    throw new Violation('I11', `${life.name} wrote '${what}' of ${intentId} without the lock`);
  }
};

const SLIVER = /^\/v1\/blobs\/([^/]+)\/slivers\/(\d+)\/(primary|secondary)(\/status)?$/;

/**
 * I4: what a node has taken, and the journal knows it, is not sent to it again, unless the node has denied something
 * of that blob since.
 *
 * @param rowsOf the journal's rows about a blob and a node
 */
export function watchUploads(
  world: World,
  shardCount: number,
  rowsOf: (profile: AnyProfile, blobId: string, nodeId: string) => readonly NodeFacts[],
): void {
  /** paths of slivers that were taken since the last denial, by node and blob */
  const taken = new Map<string, Set<string>>();
  const takenBy = (host: string, blobId: string) => {
    const key = `${host} ${blobId}`;
    const known = taken.get(key) ?? new Set();
    taken.set(key, known);
    return known;
  };
  world.onRequest = (host, request) => {
    if (request.method !== 'PUT') return;
    const { pathname } = new URL(request.url);
    const [, blobId = '', pair, axis] = SLIVER.exec(pathname) ?? [];
    if (pair === undefined || !takenBy(host, blobId).has(pathname)) return;
    const { profile } = world.session;
    if (profile.robbed.size > 0) return; // two write about the same nodes
    const node = world.network.nodes.find(({ networkAddress }) => networkAddress === host);
    const place = { pair: Number(pair), axis } as Place;
    const rows = rowsOf(profile, blobId, node?.identity.nodeId ?? '');
    if (!rows.some(({ slivers }) => new SliverSet(shardCount, slivers).has(place))) return;
    throw new Violation(
      'I4',
      `${host} was sent a sliver again that it has: ${blobId} ${pair} ${axis}`,
    );
  };
  world.onAnswer = (host, request, response) => {
    const { pathname } = new URL(request.url);
    const blobId = /^\/v1\/blobs\/([^/]+)/.exec(pathname)?.[1];
    if (blobId === undefined) return;
    const paths = takenBy(host, blobId);
    if (response.status >= 400) paths.clear();
    else if (request.method === 'PUT' && SLIVER.test(pathname)) paths.add(pathname);
    else if (request.method === 'GET' && pathname.endsWith('/status')) {
      const read = response.clone().text();
      read.then(
        (text) => text.includes('nonexistent') && paths.clear(),
        () => undefined, // it was cut
      );
    }
  };
}
