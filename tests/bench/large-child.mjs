/** Stores one large file in a process of its own and prints the memory that it took, in bytes over idle. */
import { loadModule } from './load-module.mjs';

const { task, path } = JSON.parse(process.argv[2] ?? '{}');
const { module, close } = await loadModule('store-cases.ts');
/** @type {typeof import('./store-cases.ts')} */
const { storeLarge } = /** @type {any} */ (module);
process.stdout.write(`${await storeLarge(task, path)}\n`);
await close();
process.exit(0);
