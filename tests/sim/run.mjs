/** `npm run sim -- …`: the deterministic simulator. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';

const vite = await createServer({
  configFile: false,
  root,
  logLevel: 'warn',
  plugins: [{ name: 'memo', enforce: 'pre', resolveId(id, from) { if (id === '@noble/curves/bls12-381.js' && !from?.includes('memo-bls')) return join(import.meta.dirname, 'memo-bls.ts'); } }, kernelPlugin()],
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const m = await vite.ssrLoadModule(join(import.meta.dirname, 'main.ts'));
const [first, count, trace] = process.argv.slice(2);
const t0 = performance.now();
const counts = new Map();
for (let i = 0; i < Number(count ?? 1); i++) {
  const seed = String(Number(first) + i);
  const t = performance.now(); const cpu = process.cpuUsage();
  const r = await m.run(m.drawConfig(seed), m.putStory, trace ? console.log : undefined);
  for (const [k, v] of r.counts) counts.set(k, (counts.get(k) ?? 0) + v);
  if (i % 10 === 0 || r.violation)
    console.log(
      seed,
      r.traceHash,
      r.steps,
      (r.virtualMs / 1000).toFixed(0),
      (process.cpuUsage(cpu).user/1000).toFixed(0) + 'ms',
      r.violation?.message ?? '',
    );
  if (r.violation) {
    console.log(JSON.stringify(r.config));
    if (!trace) console.log(r.lines.slice(-8).join('\n'));
  }
}
console.log(
  ((performance.now() - t0) / 1000).toFixed(1),
  [...counts].map(([k, v]) => `${k} ${v}`).join(', '),
);
await vite.close();
