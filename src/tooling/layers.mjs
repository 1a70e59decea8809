import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/**
 * Puts the order of the layers before all layers: style sheets are joined in the order of the scripts that
 * import them, and the layer that is named first is the lowest.
 *
 * @returns {import('vite').Plugin}
 */
export function layersPlugin() {
  const order = readFileSync(join(root, 'src/app/styles/layers.css'), 'utf8').trim();
  return {
    name: 'haulout-layers',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.css')) continue;
        asset.source = `${order}${String(asset.source)}`;
      }
    },
  };
}
