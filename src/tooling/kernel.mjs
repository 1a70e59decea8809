import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './paths.mjs';

const asm = join(root, 'asm');
const build = join(asm, 'build');
const compiler = join(root, 'src/tooling/compile-kernel.mjs');

/** @typedef {'simd' | 'scalar'} Engine */

/**
 * Both builds of the kernel: name to compiler options.
 *
 * @type {Record<Engine, string[]>}
 */
const engines = { simd: ['--enable', 'simd'], scalar: [] };

/** Hash over everything that the compiled kernel depends on; the compiler always gives the same bytes for the same. */
function digestOfInputs() {
  const sources = readdirSync(asm)
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .sort();
  const tools = [
    ...[fileURLToPath(import.meta.url), compiler],
    ...['assemblyscript', 'binaryen'].map((name) =>
      join(root, 'node_modules', name, 'package.json'),
    ),
  ];
  const hash = createHash('sha256');
  for (const name of sources) hash.update(`${name}\n${readFileSync(join(asm, name), 'utf8')}\0`);
  for (const path of tools) hash.update(`${readFileSync(path, 'utf8')}\0`);
  return hash.digest('hex');
}

async function compileAll() {
  const common = '-O3 --noAssert --runtime stub --disableWarning 201 --initialMemory 48'.split(' ');
  const jobs = Object.entries(engines).map(([name, options]) => {
    const output = join(build, `kernel-${name}.wasm`);
    return [join(asm, 'index.ts'), '-o', output, ...common, ...options];
  });
  try {
    // A process of its own, so that the rest of a build goes on meanwhile; one for both, because half of the
    // smaller one's time is the start of the compiler.
    await promisify(execFile)(process.execPath, [compiler, JSON.stringify(jobs)]);
  } catch (cause) {
    const { stderr } = /** @type {{ stderr?: string }} */ (cause);
    throw new Error(`The kernel does not compile.\n${stderr}`, { cause });
  }
}

/**
 * The compilation under way, for which several parts of one build ask at the same time. Of the whole process, because
 * Vite bundles its configuration with all that it imports: this module can be there twice.
 *
 * @type {{ haulout_kernel?: Promise<Record<Engine, string>> | undefined }}
 */
const shared = /** @type {object} */ (globalThis);

/**
 * Compiles asm/ to asm/build/kernel-{simd,scalar}.wasm unless sources and tool are unchanged.
 *
 * @returns {Promise<Record<Engine, string>>} paths by engine
 */
export function buildKernel() {
  shared.haulout_kernel ??= compileIfChanged().finally(() => {
    shared.haulout_kernel = undefined;
  });
  return shared.haulout_kernel;
}

async function compileIfChanged() {
  mkdirSync(build, { recursive: true });
  const { blake2bRounds } = await import('../../asm/unroll-blake2b.mjs');
  writeIfChanged(join(build, 'blake2b-rounds.ts'), blake2bRounds());
  const stamp = join(build, 'stamp');
  const wanted = digestOfInputs();
  const paths = {
    simd: join(build, 'kernel-simd.wasm'),
    scalar: join(build, 'kernel-scalar.wasm'),
  };
  const fresh =
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted &&
    Object.values(paths).every((path) => existsSync(path));
  if (!fresh) {
    await compileAll();
    writeFileSync(stamp, wanted);
  }
  return paths;
}

/** @param {string} path @param {string} text */
function writeIfChanged(path, text) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** @param {Engine} engine */
const base64Of = async (engine) => readFileSync((await buildKernel())[engine]).toString('base64');

/**
 * `virtual:kernel-simd` and `virtual:kernel-scalar` export the module as base64.
 *
 * A build waits for the compiler at its very end only: until then a name stands for the bytes, which is made of all
 * that they depend on, so that the hashes in names of files change with them.
 *
 * @returns {import('vite').Plugin}
 */
export function kernelPlugin() {
  const prefix = 'virtual:kernel-';
  const digest = digestOfInputs();
  /** @param {string} engine */
  const standIn = (engine) => `haulout-kernel-${engine}-${digest}`;
  let late = false;
  return {
    name: 'haulout-kernel',
    configResolved({ command, build: { write } }) {
      late = command === 'build' && write; // what is not written cannot be mended afterwards
    },
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const engine = /** @type {Engine} */ (id.slice(prefix.length + 1));
      const text = late ? standIn(engine) : await base64Of(engine);
      return `export default ${JSON.stringify(text)};`;
    },
    // On the disk, because what a worker and the page share is in a bundle twice under one name.
    writeBundle: {
      ...{ order: 'pre', sequential: true },
      async handler({ dir = '' }, bundle) {
        for (const name of Object.keys(bundle).filter((each) => each.endsWith('.js'))) {
          const path = join(dir, name);
          let text = readFileSync(path, 'utf8');
          for (const engine of /** @type {Engine[]} */ (Object.keys(engines))) {
            if (!text.includes(standIn(engine))) continue;
            text = text.replaceAll(standIn(engine), await base64Of(engine));
            writeFileSync(path, text);
          }
        }
      },
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, path] of Object.entries(await buildKernel())) {
    console.log(`${name}: ${readFileSync(path).length} bytes`);
  }
}
