/**
 * Plausible bugs, each a small replacement in a module. The simulator must find every one of them: a
 * mutant that lives is a hole in the simulator.
 *
 * @typedef {{ name: string, story: string, file: string, from: string, to: string }} Mutant
 * @type {readonly Mutant[]}
 */
export const MUTANTS = [
  {
    name: 'gives up at the first trouble and pays anew',
    story: 'store',
    file: 'flows/store/settle.ts',
    from: '    () => sendAgain(run, pending, signal),\n',
    to: "    async () => {\n      try {\n        return await sendAgain(run, pending, signal);\n      } catch (error) {\n        await run.append([{ kind: 'lapsed', digest: pending.digest, reason: 'trouble' }]);\n        throw new HauloutError('transaction-refused', { reason: 'trouble' });\n      }\n    },\n",
  },
  {
    name: 'does not look what a wallet has executed',
    story: 'store',
    file: 'flows/store/adopt.ts',
    from: '  for (const one of candidates(run)) {\n',
    to: '  if (run) return false;\n  for (const one of candidates(run)) {\n',
  },
  {
    name: 'takes bytes that the wallet has changed',
    story: 'store',
    file: 'flows/store/ask-wallet.ts',
    from: '  const decoded = await run.ports.chain.check(prepared, answer.bytes, signal);\n',
    to: '  const decoded = prepared;\n',
  },
  {
    name: 'keeps no key',
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
    story: 'store',
    file: 'chain/build/build-transaction.ts',
    from: '  writer.transfer([...certified, ...others, writer.gas], plan.handOverTo);',
    to: '  writer.transfer([...certified, ...others], plan.handOverTo);',
  },
  {
    name: 'works without the lock',
    story: 'store',
    file: 'flows/store/job.ts',
    from: 'locks.hold(lockOf(jobId), underLock)',
    to: 'locks.hold(lockOf(jobId) + this.#o.ports.random.below(1e9), underLock)',
  },
  {
    name: 'commits without a check of the revision',
    story: 'store',
    file: 'store/journal.ts',
    from: 'value: fact, expect: 0 };',
    to: 'value: fact };',
  },
  {
    name: 'keeps an old committee',
    story: 'store',
    file: 'flows/store/drive-intent.ts',
    from: 'await chain.system({ fresh: true, signal })',
    to: 'await chain.system({ signal })',
  },
  {
    name: 'certifies with confirmations of another epoch',
    story: 'store',
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
    story: 'put',
    file: 'transfer/confirmations.ts',
    from: '    return weightOf(this.#committee, this.#good.keys());',
    to: '    return Math.floor((this.#good.size * this.#committee.shardCount) / this.#committee.members.length);',
  },
  {
    name: 'counts more than 2f as a quorum',
    story: 'put',
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
    file: 'transfer/put-state.ts',
    from: 'known?.get(nodeId), tell)',
    to: 'undefined, tell)',
  },
  {
    name: 'never sends what a node has lost',
    story: 'put',
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
    from: '      if (movedAt + ms <= now) exchange.silent();',
    to: '      if (movedAt + ms <= now) continue;',
  },
  {
    name: 'sends as much as it can at once',
    story: 'put',
    file: 'transfer/pace.ts',
    from: '        if (!fits(atHost, waiter.bytes, HOST_REQUESTS, HOST_PART * this.#ahead)) continue;\n',
    to: '',
  },
];

/**
 * Puts a mutant's bug in the place of the code.
 *
 * @param {Mutant | undefined} mutant
 * @returns {import('vite').Plugin}
 */
export function mutantPlugin(mutant) {
  return {
    name: 'mutant',
    enforce: 'pre',
    transform(code, id) {
      if (mutant === undefined || !id.endsWith(`/src/${mutant.file}`)) return undefined;
      const parts = code.split(mutant.from);
      if (parts.length !== 2) {
        throw new Error(`mutant ${mutant.name}: its place was found ${parts.length - 1} times`);
      }
      return parts.join(mutant.to);
    },
  };
}
