import { join } from 'node:path';
import { root } from '../../src/tooling/paths.mjs';

/**
 * Plausible bugs, each a small replacement in a module. The simulator must find every one of them: a
 * mutant that lives is a hole in the simulator.
 *
 * @typedef {{ file: string, from: string, to: string }} Edit
 * @typedef {Edit & { name: string, story: string, also?: readonly Edit[], given?: import('./main.ts').Given,
 *   always?: true }} Mutant
 *   `also`: other places, where each of several defences would be enough; `given`: the days that it takes;
 *   `always`: one of the few that every test run proves again
 * @type {readonly Mutant[]}
 */
export const MUTANTS = [
  {
    name: 'pays anew after a time-out',
    story: 'store',
    given: { approvals: 'two', faults: ['full-node-mute'], spanMs: 240_000 },
    also: [
      {
        file: 'flows/store/adopt.ts',
        from: '[...state.asked, ...state.lapsed]',
        to: '[...state.asked]',
      },
    ],
    file: 'flows/store/settle.ts',
    from: '    () => sendAgain(run, pending, signal),\n',
    to: "    async () => {\n      try {\n        return await sendAgain(run, pending, signal);\n      } catch (error) {\n        await run.append([{ kind: 'lapsed', digest: pending.digest, reason: 'trouble' }]);\n        throw new HauloutError('transaction-refused', { reason: 'trouble' });\n      }\n    },\n",
  },
  {
    name: 'does not look what a wallet has executed',
    story: 'store',
    given: { approvals: 'two', faults: ['wallet'] },
    file: 'flows/store/adopt.ts',
    from: '  for (const one of candidates(run)) {\n',
    to: '  if (run) return false;\n  for (const one of candidates(run)) {\n',
  },
  {
    name: 'takes bytes that the wallet has changed',
    always: true,
    story: 'store',
    given: { faults: ['wallet'] },
    file: 'flows/store/ask-wallet.ts',
    from: '  const decoded = await run.ports.chain.check(prepared, answer.bytes, signal);\n',
    to: '  const decoded = prepared;\n',
  },
  {
    name: 'keeps no key',
    always: true,
    story: 'store',
    file: 'flows/store/holder.ts',
    from: "    [{ store: 'keys', key: intentId, value: kept, expect: 0 }],\n",
    to: '',
  },
  {
    name: 'writes no marker',
    story: 'store',
    file: 'chain/marker.ts',
    from: '  return Uint8Array.from([...MAGIC, VERSION, ...pagePublicKey, ...batchId]);',
    to: '  return Uint8Array.from([0, ...MAGIC.slice(1), VERSION, ...pagePublicKey, ...batchId]);',
  },
  {
    name: 'leaves the change at the holder',
    always: true,
    story: 'store',
    file: 'chain/build/build-transaction.ts',
    from: '  giveAway(writer, [...certified, ...others], plan.handOverTo, plan.changeTo);',
    to: '  writer.transfer([...certified, ...others], plan.handOverTo);',
  },
  {
    name: 'works without the lock',
    always: true,
    story: 'store',
    given: { faults: ['second-tab'] },
    file: 'flows/store/job-lock.ts',
    from: 'await locks.hold(lockOf(jobId), work);',
    to: 'await work();',
  },
  {
    name: 'gives the lock back while it still writes',
    story: 'store',
    given: { faults: ['second-tab', 'slow-links'] },
    also: [
      {
        file: 'flows/store/job.ts',
        from: '    await Promise.allSettled([...this.#tails]);\n    this',
        to: '    this',
      },
    ],
    file: 'flows/store/job.ts',
    from: '        stop.abort();\n        await Promise.allSettled([...this.#tails]);\n',
    to: '',
  },
  {
    name: 'commits without a check of the revision',
    story: 'store',
    given: { faults: ['lock-lost'] },
    file: 'store/journal.ts',
    from: 'value: fact, expect: 0 };',
    to: 'value: fact };',
  },
  {
    name: 'keeps an old committee',
    story: 'store',
    given: { faults: ['epoch-ends', 'slow-links'] },
    file: 'flows/store/drive-intent.ts',
    from: 'await epochOf(run, context, { fresh: true })',
    to: 'await epochOf(run, context, {})',
  },
  {
    name: 'certifies with confirmations of another epoch',
    always: true,
    story: 'store',
    given: { faults: ['epoch-ends', 'slow-links', 'crash'] },
    file: 'flows/store/drive-intent.ts',
    from: ' && signedIn < epoch;',
    to: ' && signedIn < 0;',
  },
  {
    name: 'takes confirmations unseen',
    story: 'put',
    file: 'transfer/confirmations.ts',
    from: '    const good = this.#goodOf(all);',
    to: '    const good = all;',
  },
  {
    name: 'counts what was only claimed',
    story: 'put',
    file: 'transfer/confirmations.ts',
    from: '    return this.weight >= quorumWeight(this.#committee.shardCount);',
    to: '    return this.claimedWeight >= quorumWeight(this.#committee.shardCount);',
  },
  {
    name: 'counts nodes instead of shards',
    always: true,
    story: 'put',
    file: 'transfer/confirmations.ts',
    from: '    return weightOf(this.#committee, this.#good.keys());',
    to: '    return Math.floor((this.#good.size * this.#committee.shardCount) / this.#committee.members.length);',
  },
  {
    name: 'counts more than 2f as a quorum',
    story: 'put',
    given: { weights: [1, 1, 1, 1, 1], badNodes: [0] },
    file: 'protocol/committee.ts',
    from: '  return Math.ceil((2 * shardCount + 1) / 3);',
    to: '  return 2 * faultyShards(shardCount) + 1;',
  },
  {
    name: 'waits for one shard more than a quorum',
    story: 'put',
    file: 'transfer/round.ts',
    from: '    this.#quorum = quorumWeight(committee.shardCount);',
    to: '    this.#quorum = quorumWeight(committee.shardCount) + 1;',
  },
  {
    name: 'sends everything again on resume',
    story: 'put',
    given: { faults: ['crash'] },
    also: [
      {
        file: 'transfer/node-upload.ts',
        from: "    if (!this.#persists) return 'send';\n",
        to: "    if (this.#holdings) return 'send';\n",
      },
    ],
    file: 'transfer/put-state.ts',
    from: 'known?.get(nodeId), tell)',
    to: 'undefined, tell)',
  },
  {
    name: 'never sends what a node has lost',
    story: 'put',
    given: { faults: ['late-facts', 'node-restarts', 'slow-links'], spanMs: 2_000 },
    also: [
      {
        file: 'transfer/node-upload.ts',
        from: "    return taken === 'buffered' || !this.#persists ? 'buffered' : 'stored';",
        to: "    return taken ? 'stored' : 'buffered';",
      },
    ],
    file: 'transfer/node-upload.ts',
    from: '        await this.#check();\n        // Its',
    to: '        // Its',
  },
  {
    name: 'forgets which object is deletable',
    story: 'put',
    file: 'transfer/round.ts',
    from: '    return this.#state.registration?.objectId;',
    to: '    return undefined;',
  },
  {
    name: 'waits for ever for a silent host',
    story: 'put',
    file: 'network/silence.ts',
    from: '      if (end <= now) exchange.silent();',
    to: '      if (end <= now) continue;',
  },
  {
    name: 'sends as much as it can at once',
    story: 'put',
    file: 'transfer/pace.ts',
    from: '        if (!fits(atHost, waiter.bytes, HOST_REQUESTS, HOST_PART * this.#ahead)) continue;\n',
    to: '',
  },
  {
    name: 'shows bytes to the wallet before it writes them down',
    story: 'store',
    given: { approvals: 'two', faults: ['wallet'] },
    also: [
      {
        file: 'flows/store/find-bought.ts',
        from: '  if (plan.anew ||',
        to: '  if (run ||',
      },
    ],
    file: 'flows/store/ask-wallet.ts',
    from: "    await run.append([{ kind: 'asked', transaction }]);",
    to: '    void transaction;',
  },
  {
    name: 'deletes the key before the last transaction is final',
    story: 'store',
    given: { approvals: 'one', faults: ['epoch-ends', 'chain-slow', 'slow-links'] },
    file: 'flows/store/certify.ts',
    from: "  await run.append([{ kind: 'signed', transaction: signed }]);",
    to: "  await run.append([{ kind: 'signed', transaction: signed }], [{ store: 'keys', key: run.intentId, value: undefined }]);",
  },
  {
    name: 'trusts the certificate of a relay',
    story: 'store',
    given: { path: 'relay', faults: ['bad-relay'] },
    file: 'transfer/relay-put.ts',
    from: '  const flaw = flawOf(put, certificate, committee);',
    to: '  const flaw = flawOf(put, certificate, committee) && undefined;',
  },
  {
    name: 'tries a silent node for ever',
    story: 'hopeless',
    file: 'transfer/node-upload.ts',
    from: '    if (doors.clock.monotonic() - this.#progressAt > patienceMs) throw error;\n',
    to: '',
  },
  {
    name: 'blames everybody for one liar',
    story: 'put',
    given: { faults: ['bad-nodes'] },
    file: 'transfer/confirmations.ts',
    from: '    if (indices.length === 1) return [];',
    to: '    if (indices.length > 0) return [];',
  },
  {
    name: 'believes the first node that refuses a blob',
    story: 'put',
    given: { faults: ['bad-nodes'] },
    file: 'transfer/round.ts',
    from: '    if (this.#refusedWeight < validityWeight(this.committee.shardCount)) return;\n',
    to: '',
  },
  {
    name: 'reads answers of any length',
    story: 'put',
    given: { faults: ['endless-answers'] },
    file: 'network/limited-transport.ts',
    from: '    if (this.#bytes <= this.#limits.maxBytes) return;',
    to: '    if (this.#bytes >= 0) return;',
  },
  {
    name: 'reads rows that nobody has verified',
    always: true,
    story: 'read',
    given: { faults: ['bad-nodes'] },
    file: 'transfer/read/sliver-reads.ts',
    from: '            await this.verify(index, sliver, signal);\n',
    to: '',
  },
  {
    name: 'reads only where there is one sliver more than it takes',
    story: 'read',
    given: { faults: ['bad-nodes'] },
    file: 'transfer/read/row-decoder.ts',
    from: '    if (held.size < rowCount) throw',
    to: '    if (held.size <= rowCount) throw',
  },
];

/** @param {Edit} edit */
const pathOf = ({ file }) => join(root, 'src', file);

/** @param {Mutant} mutant @returns {readonly Edit[]} */
export const editsOf = (mutant) => [mutant, ...(mutant.also ?? [])];

/**
 * Puts a mutant's bug in the place of the code.
 *
 * @param {Mutant} mutant
 * @returns {import('vite').Plugin}
 */
export function mutantPlugin(mutant) {
  const edits = editsOf(mutant);
  const applied = new Set();
  return {
    name: 'mutant',
    enforce: 'pre',
    transform(code, id) {
      let changed = code;
      for (const edit of edits.filter((each) => id === pathOf(each))) {
        const parts = changed.split(edit.from);
        if (parts.length !== 2) {
          throw new Error(`mutant ${mutant.name}: its place was found ${parts.length - 1} times`);
        }
        applied.add(edit);
        changed = parts.join(edit.to);
      }
      return changed === code ? undefined : changed;
    },
    buildEnd(error) {
      if (!error && applied.size < edits.length) {
        throw new Error(`mutant ${mutant.name}: a file of it is not part of the simulator`);
      }
    },
  };
}
