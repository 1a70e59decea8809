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

/** @type {ReturnType<typeof compileIfChanged> | undefined} */
let running; // several parts of one build ask at the same time

/**
 * Compiles asm/ to asm/build/kernel-{simd,scalar}.wasm unless sources and tool are unchanged.
 *
 * @returns {Promise<Record<Engine, string>>} paths by engine
 */
export function buildKernel() {
  running ??= compileIfChanged().finally(() => {
    running = undefined;
  });
  return running;
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
  /** @type {'now' | 'last' | 'by the outer build'} when the bytes are put in */
  let when = 'now';
  return {
    name: 'haulout-kernel',
    configResolved({ command, isWorker }) {
      if (command === 'build') when = isWorker ? 'by the outer build' : 'last';
    },
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const engine = /** @type {Engine} */ (id.slice(prefix.length + 1));
      const text = when === 'now' ? await base64Of(engine) : standIn(engine);
      return `export default ${JSON.stringify(text)};`;
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        if (when !== 'last') return;
        for (const engine of /** @type {Engine[]} */ (Object.keys(engines))) {
          const name = standIn(engine);
          for (const output of Object.values(bundle)) {
            const text = output.type === 'chunk' ? output.code : output.source;
            if (typeof text !== 'string' || !text.includes(name)) continue;
            const whole = text.replaceAll(name, await base64Of(engine));
            if (output.type === 'chunk') output.code = whole;
            else output.source = whole;
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
