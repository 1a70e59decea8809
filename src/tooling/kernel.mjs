import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const asm = join(dirname(fileURLToPath(import.meta.url)), '../../asm');
const build = join(asm, 'build');

/** Both builds of the kernel: name to compiler options. */
const engines = { simd: ['--enable', 'simd'], scalar: [] };

const digestOf = (texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

function sources() {
  const names = readdirSync(asm)
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .sort();
  return names.map((name) => `${name}\n${readFileSync(join(asm, name), 'utf8')}`);
}

async function compile(name, options) {
  const asc = await import('assemblyscript/asc');
  const output = join(build, `kernel-${name}.wasm`);
  const { error, stderr } = await asc.main([
    join(asm, 'index.ts'),
    '-o',
    output,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--disableWarning',
    '201',
    '--initialMemory',
    '48',
    ...options,
  ]);
  if (error) throw new Error(`The kernel (${name}) does not compile.\n${stderr.toString()}`);
}

/**
 * Compiles asm/ to asm/build/kernel-{simd,scalar}.wasm unless sources and tool are unchanged.
 * @returns {Promise<Record<string, string>>} paths by engine
 */
export async function buildKernel() {
  mkdirSync(build, { recursive: true });
  const { blake2bRounds } = await import('../../asm/unroll-blake2b.mjs');
  writeIfChanged(join(build, 'blake2b-rounds.ts'), blake2bRounds());
  const stamp = join(build, 'stamp');
  const wanted = digestOf([...sources(), readFileSync(fileURLToPath(import.meta.url), 'utf8')]);
  const paths = Object.fromEntries(
    Object.keys(engines).map((name) => [name, join(build, `kernel-${name}.wasm`)]),
  );
  const fresh =
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted &&
    Object.values(paths).every((path) => existsSync(path));
  if (!fresh) {
    for (const [name, options] of Object.entries(engines)) await compile(name, options);
    writeFileSync(stamp, wanted);
  }
  return paths;
}

function writeIfChanged(path, text) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** Vite plugin: `virtual:kernel-simd` and `virtual:kernel-scalar` export the module as base64. */
export function kernelPlugin() {
  const prefix = 'virtual:kernel-';
  return {
    name: 'haulout-kernel',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const paths = await buildKernel();
      const bytes = readFileSync(paths[id.slice(prefix.length + 1)]);
      return `export default ${JSON.stringify(bytes.toString('base64'))};`;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, path] of Object.entries(await buildKernel())) {
    console.log(`${name}: ${readFileSync(path).length} bytes`);
  }
}
