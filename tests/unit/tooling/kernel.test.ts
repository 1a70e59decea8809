import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../../../src/tooling/file-list.mjs';
import { buildKernel, kernelPlugin } from '../../../src/tooling/kernel.mjs';

const entry = {
  name: 'entry',
  resolveId: (id: string) => (id === 'virtual:entry' ? `\0${id}` : undefined),
  load: (id: string) =>
    id === '\0virtual:entry'
      ? `export { default as simd } from 'virtual:kernel-simd';
         export const scalar = () => import('virtual:kernel-scalar');`
      : undefined,
};

describe('the kernel in a build', () => {
  it('is whole in the end, though a build does not wait for it before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haulout-'));
    const input = { input: 'virtual:entry', preserveEntrySignatures: 'strict' as const };
    await build({
      ...{ configFile: false, logLevel: 'silent', plugins: [entry, kernelPlugin()] },
      build: { outDir: folder, emptyOutDir: true, rolldownOptions: input },
    });
    const files = filesBelow(folder).map((path) => readFileSync(join(folder, path), 'utf8'));
    rmSync(folder, { recursive: true });
    const code = files.join('\n');
    const paths = await buildKernel();
    for (const engine of ['simd', 'scalar'] as const) {
      const base64 = readFileSync(paths[engine]).toString('base64');
      expect(code.split(base64), engine).toHaveLength(2);
    }
    expect(code).not.toContain('haulout-kernel-');
  });

  it('is compiled once, however many copies of the program ask for it at the same time', async () => {
    const copy = '../../../src/tooling/kernel.mjs?copy';
    const other: typeof import('../../../src/tooling/kernel.mjs') = await import(copy);
    expect(other.buildKernel).not.toBe(buildKernel);
    const first = buildKernel();
    expect(other.buildKernel()).toBe(first);
    await first;
  });
});
