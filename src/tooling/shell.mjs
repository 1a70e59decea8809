/** Places of the app that are no file of their own; each gets a page, for hosts without rewrites. */
const places = ['network', 'open/compare', 'settings'];

/**
 * Copies the built page to every place (`open/compare.html` answers for `/open/compare`), with
 * relative addresses counted from there, and to `404.html`, which can be asked for at any depth and so
 * uses addresses from the root of the host.
 *
 * @param {string} base where the app lies on its host, with slashes around
 * @returns {import('vite').Plugin}
 */
export function shellPlugin(base) {
  return {
    name: 'haulout-shell',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') return;
        const html = String(page.source);
        for (const place of places) {
          const up = '../'.repeat(place.split('/').length - 1);
          this.emitFile({ type: 'asset', fileName: `${place}.html`, source: rebase(html, up) });
        }
        this.emitFile({ type: 'asset', fileName: '404.html', source: rebase(html, base) });
      },
    },
  };
}

/**
 * @param {string} html
 * @param {string} start what replaces the `./` in front of each address
 */
function rebase(html, start) {
  return html.replaceAll(/(href|src)="\.\//g, `$1="${start}`);
}
