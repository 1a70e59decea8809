import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type FailureResults, failureTable } from '../../evidence/failure-table.mjs';
import { evidenceTable, FAILURE_MARKS, withEvidence } from '../../sim/evidence-table.mjs';

const root = new URL('../../../', import.meta.url);
const evidence = {
  ...{ commit: 'abc', date: '2026-01-02', firstSeed: 1, processes: 2, machine: 'one', minutes: 3 },
  ...{ runs: 2_000, failed: 0, steps: 12_345, virtualMs: 86_400_000 * 3 },
  ...{ counts: { crash: 1_500, 'node: html': 7, 'ends with aborted': 0 }, never: [] },
};

it('the evidence tells what ran and what struck it', () => {
  const table = evidenceTable(evidence);
  expect(table).toContain('| seeds run | 2,000, from 1 |\n| of which broke a promise | **0** |');
  expect(table).toContain('| page, browser, machine and links | crash 1,500 |\n| nodes | html 7 |');
  expect(table).toContain('here 0.15 %');
});

it('failures and what never happened are told, and nothing is concluded from them', () => {
  const table = evidenceTable({ ...evidence, failed: 2, never: ['sleep', 'node: stale'] });
  expect(table).toContain('| of which broke a promise | **2** |');
  expect(table).toContain('| never happened | sleep · node: stale |');
  expect(table).not.toContain('confidence');
});

it('what the README shows is what was measured', () => {
  const results = new URL('tests/results/simulator.json', root);
  if (!existsSync(results)) return;
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const table = evidenceTable(JSON.parse(readFileSync(results, 'utf8')));
  expect(withEvidence(readme, table)).toBe(readme);
});

const right = { end: 'right', ms: 120 } as const;
const failed = { end: 'error', ms: 12_300, error: 'SomeError' } as const;
const failures: FailureResults = {
  ...{ commit: 'abc', date: '2026-01-02', version: '1.2.3' },
  results: [
    {
      ...{ call: 'read', what: 'one node lies', canSucceed: true },
      official: [failed, { end: 'hung', ms: 90_000 }, failed],
      ours: [right, right, right],
    },
    {
      ...{ call: 'write', what: 'all are down', canSucceed: false },
      official: [{ end: 'wrong bytes', ms: 5 }],
      ours: [{ end: 'waits', ms: 12_300, error: 'quorum-unreached' }],
    },
  ],
};

it('the table of faults tells each end with its time, and how often where they differ', () => {
  const table = failureTable(failures);
  expect(table).toContain(
    '| one node lies | 2 × `SomeError`, 12 s; 1 × **hung**, left after 90 s | right, 0.1 s |',
  );
  expect(table).toContain(
    '| all are down: too little to succeed | **wrong bytes**, 0.0 s | waits: `quorum-unreached`, 12 s |',
  );
});

it('the table of faults in the README is the one that was measured', () => {
  const results = new URL('tests/results/failures.json', root);
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  if (!existsSync(results) || !readme.includes(FAILURE_MARKS[0])) return;
  const table = failureTable(JSON.parse(readFileSync(results, 'utf8')));
  expect(withEvidence(readme, table, FAILURE_MARKS)).toBe(readme);
});
