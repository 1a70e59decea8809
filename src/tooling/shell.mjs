/** Places of the app that are no file of their own; each gets a page, for hosts without rewrites. */
const places = ['network', 'open', 'open/compare', 'open/receipt', 'settings'];

/** What a page starts with: modules that are loaded with it and not after its first script. */
const starts = {
  app: ['src/app/whole-app.tsx', 'virtual:messages/en'],
  viewer: ['src/app/viewer/viewer-main.tsx', 'virtual:messages/viewer/en'],
};

/**
 * Copies the built page to every place (`open/compare.html` answers for `/open/compare`), with
 * relative addresses counted from there, and to `404.html`, which can be asked for at any depth and so
 * uses addresses from the root of the host. That one is what short links open.
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
        const plain = String(page.source);
        const html = withScripts(plain, scriptsOf(bundle, starts.app));
        page.source = html;
        for (const place of places) {
          const up = '../'.repeat(place.split('/').length - 1);
          this.emitFile({ type: 'asset', fileName: `${place}.html`, source: rebase(html, up) });
        }
        const viewer = withScripts(plain, scriptsOf(bundle, starts.viewer));
        this.emitFile({ type: 'asset', fileName: '404.html', source: rebase(viewer, base) });
      },
    },
  };
}

/**
 * The scripts that modules need before they run, their own among them.
 *
 * @param {import('vite').Rolldown.OutputBundle} bundle
 * @param {readonly string[]} modules the ends of their names
 * @returns {Set<string>}
 */
function scriptsOf(bundle, modules) {
  const scripts = new Set();
  const add = (/** @type {string} */ name) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || scripts.has(name)) return;
    scripts.add(name);
    for (const imported of chunk.imports) add(imported);
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue;
    if (modules.some((name) => chunk.facadeModuleId?.endsWith(name))) add(chunk.fileName);
  }
  return scripts;
}

/**
 * Names those scripts that the page does not name yet before its own first one, which then finds them: the page has
 * not loaded before they have.
 *
 * @param {string} html
 * @param {Set<string>} scripts
 */
function withScripts(html, scripts) {
  const tags = [...scripts]
    .filter((name) => !html.includes(name))
    .map((name) => `<script type="module" crossorigin src="./${name}"></script>`);
  return html.replace('<script', `${tags.join('')}<script`);
}

/**
 * @param {string} html
 * @param {string} start what replaces the `./` in front of each address
 */
function rebase(html, start) {
  return html.replaceAll(/(href|src)="\.\//g, `$1="${start}`);
}
