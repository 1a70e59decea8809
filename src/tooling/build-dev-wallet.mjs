/** Builds the wallet of the local network: dist/dev-wallet/main.js and main.css. No public site gets it. */
import { join } from 'node:path';
import { messagesPlugin } from './messages.mjs';
import { devWalletFolder, root } from './paths.mjs';
import { isFresh, markFresh, sourcesHash } from './sources.mjs';

/** Builds it unless the result of an earlier build still holds. */
export async function buildDevWalletIfChanged() {
  if (isFresh(devWalletFolder)) return;
  const hash = sourcesHash();
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: join(root, 'src/dev-wallet'),
    base: './',
    logLevel: 'warn',
    publicDir: false,
    plugins: [messagesPlugin()],
    build: {
      outDir: devWalletFolder,
      emptyOutDir: true,
      target: ['chrome123', 'firefox128', 'safari17.5'],
      minify: false,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'src/dev-wallet/main.ts'),
        checks: { pluginTimings: false },
        output: {
          entryFileNames: 'main.js',
          chunkFileNames: '[name].js',
          assetFileNames: '[name][extname]',
        },
      },
    },
  });
  markFresh(devWalletFolder, hash);
}
