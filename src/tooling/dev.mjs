/** `npm run dev [-- --port N]`: the app with reload on change. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { root } from './paths.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8118' } } });
const server = await createServer({
  configFile: join(root, 'vite.config.ts'),
  server: { port: Number(values.port) },
});
await server.listen();
server.printUrls();
