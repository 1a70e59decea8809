/** Stores one large file in a process of its own and prints what it took, as JSON. */
import { loadModule } from './load-module.mjs';

const { task, path } = JSON.parse(process.argv[2] ?? '{}');
const { module, close } = await loadModule('store-cases.ts');
/** @type {typeof import('./store-cases.ts')} */
const { storeLarge } = /** @type {any} */ (module);
process.stdout.write(`${JSON.stringify(await storeLarge(task, path))}\n`);
await close();
process.exit(0);
