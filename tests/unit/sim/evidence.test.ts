import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evidenceTable, withEvidence } from '../../sim/evidence-table.mjs';

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
