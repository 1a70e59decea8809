import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const asm = join(dirname(fileURLToPath(import.meta.url)), '../../asm');
const build = join(asm, 'build');

/** @typedef {'simd' | 'scalar'} Engine */

/**
 * Both builds of the kernel: name to compiler options.
 *
 * @type {Record<Engine, string[]>}
 */
const engines = { simd: ['--enable', 'simd'], scalar: [] };

/** @param {string[]} texts */
const digestOf = (texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

function sources() {
  const names = readdirSync(asm)
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .sort();
  return names.map((name) => `${name}\n${readFileSync(join(asm, name), 'utf8')}`);
}

/** Compiles each in a process of its own, so that the rest of a build goes on meanwhile. */
async function compileAll() {
  const common = '-O3 --noAssert --runtime stub --disableWarning 201 --initialMemory 48'.split(' ');
  const jobs = Object.entries(engines).map(([name, options]) => {
    const output = join(build, `kernel-${name}.wasm`);
    return [join(asm, 'index.ts'), '-o', output, ...common, ...options];
  });
  const compiler = fileURLToPath(new URL('compile-kernel.mjs', import.meta.url));
  try {
    await Promise.all(
      jobs.map((words) => promisify(execFile)(process.execPath, [compiler, ...words])),
    );
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
  const wanted = digestOf([...sources(), readFileSync(fileURLToPath(import.meta.url), 'utf8')]);
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

/**
 * `virtual:kernel-simd` and `virtual:kernel-scalar` export the module as base64.
 *
 * @returns {import('vite').Plugin}
 */
export function kernelPlugin() {
  const prefix = 'virtual:kernel-';
  return {
    name: 'haulout-kernel',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const engine = /** @type {Engine} */ (id.slice(prefix.length + 1));
      const bytes = readFileSync((await buildKernel())[engine]);
      return `export default ${JSON.stringify(bytes.toString('base64'))};`;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, path] of Object.entries(await buildKernel())) {
    console.log(`${name}: ${readFileSync(path).length} bytes`);
  }
}
