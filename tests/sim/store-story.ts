import { accountKey } from '../../src/devnet/chain-life.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import type { IntentFact, JournalStores } from '../../src/store/journal-facts.ts';
import type { MemoryStore, StoreSnapshot } from '../../src/store/memory-store.ts';
import type { NodeFacts } from '../../src/transfer/put-types.ts';
import { judge } from '../support/flows/judge.ts';
import { checkCertificates } from './certificate-checks.ts';
import { checkBounds, checkReadable } from './checkers.ts';
import { checkLedger } from './ledger-checks.ts';
import type { CommitWatch } from './life.ts';
import { type AnyProfile, watchFacts, watchUploads } from './progress-checks.ts';
import { storeClient, type Wanted } from './store-client.ts';
import type { Story } from './story.ts';
import { expectThat } from './violation.ts';
import { finish, NETWORK_SEED, sourceOf, uniqueBlobs } from './world.ts';

/** A person stores files: quote, approval, upload, certificate, all of it. */
export const storeStory: Story['begin'] = async (world) => {
  const { scheduler, network, config } = world;
  const person = accountKey(NETWORK_SEED, 0).toSuiAddress();
  const plans = uniqueBlobs(config.blobs);
  const blobs: EncodedBlob[] = [];
  for (const plan of plans) blobs.push(await finish(scheduler, world.encoded(plan)));
  const wanted: Wanted = {
    sources: config.blobs.map(sourceOf),
    quotes: [],
    holders: new Set(),
    shown: new Set(),
    isStored: () => blobs.every(({ blobId }) => stored.has(blobId)),
  };
  const ledger = judge(network);
  const stored = new Set<string>();
  let seen = 0;
  /** What the chain said since the last look. */
  const look = () => {
    const events = network.life.port.events(seen);
    seen += events.length;
    for (const event of events) {
      if (event.kind === 'blob-certified') stored.add(event.blobId);
    }
  };
  const holdersEmpty = () => [...wanted.holders].every((holder) => ledger.holdings(holder) === 0);
  watchUploads(world, blobs[0]?.shardCount ?? 0, holdingsOf);
  /** I7: a page key is deleted once nothing lies at its address. */
  const watchKeys: CommitWatch = (_profile, _life, writes, before) => {
    for (const { store, key, value } of writes) {
      if (store !== 'keys' || value !== undefined || !before.get('keys')?.has(key)) continue;
      const holder = holderIn(before, key);
      const left = holder === undefined ? 0 : ledger.holdings(holder);
      expectThat(left === 0, 'I7', () => `a key was deleted, and ${left} objects are left`);
    }
  };
  return {
    onCommit(...commit) {
      watchFacts(...commit);
      watchKeys(...commit);
      checkCertificates(world, commit[2]);
    },
    client: storeClient(world, wanted),
    check() {
      look();
      checkBounds(world, world.pagesSoFar);
    },
    isDone: () => wanted.isStored() && holdersEmpty(),
    async audit() {
      checkLedger(world, person, wanted, blobs);
      for (const plan of plans)
        await checkReadable(world, await world.encoded(plan), sourceOf(plan));
      const { rows } = world.session.profile as unknown as { rows: MemoryStore<JournalStores> };
      const keys = await rows.keys('keys', { begin: '', end: '\uffff' });
      expectThat(keys.length === 0, 'I7', () => `${keys.length} page keys are left`);
    },
  };
};

/** The address that belongs to the page key of an intent. */
function holderIn(rows: StoreSnapshot, intentId: string): string | undefined {
  for (const { key, value } of rows.get('facts')?.values() ?? []) {
    const fact = value as IntentFact;
    if (key.startsWith(`${intentId}/`) && fact.kind === 'keyed') return fact.holder;
  }
  return undefined;
}

/** What the journal says that a node holds of a blob, by all intents. */
function holdingsOf(profile: AnyProfile, blobId: string, nodeId: string): NodeFacts[] {
  const rows = profile.rows.snapshot();
  return [...(rows.get('facts')?.values() ?? [])].flatMap(({ key, value }) => {
    const fact = value as IntentFact;
    if (fact.kind !== 'planned') return [];
    const at = fact.plan.blobs.findIndex((blob) => blob.blobId === blobId);
    const intentId = key.slice(0, key.indexOf('/'));
    const row = rows.get('holdings')?.get(`${intentId}/${at}/${nodeId}`);
    return row === undefined ? [] : [row.value as NodeFacts];
  });
}
