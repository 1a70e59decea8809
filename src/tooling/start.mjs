/** `npm start [-- --port N]`: builds the app if need be, serves it and prints its address. */
import { parseArgs } from 'node:util';
import { buildAppIfChanged } from './build-app.mjs';
import { siteFolder } from './paths.mjs';
import { isFresh } from './sources.mjs';
import { serve } from './static-server.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8117' } } });

if (!isFresh(siteFolder)) console.log('Building the app ...');
await buildAppIfChanged();
const { url } = await serve({ folder: siteFolder, port: Number(values.port) });
console.log(`Haulout runs on this machine only; Ctrl+C ends it. Open\n${url}`);
