/** The one place that makes the security headers of the static app. */

const directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'media-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  // documents that a blob is, from the service worker
  'frame-src': ["'self'"],
  'manifest-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['haulout'],
};

/**
 * The Content-Security-Policy as one line.
 *
 * @param {'header' | 'meta'} place a `<meta>` cannot carry `frame-ancestors`: browsers ignore it there and warn
 * @param {readonly string[]} [hosts] origins that the page may ask besides its own
 */
export function contentSecurityPolicy(place, hosts = []) {
  return Object.entries(directives)
    .filter(([name]) => place === 'header' || name !== 'frame-ancestors')
    .map(([name, sources]) =>
      [name, ...sources, ...(name === 'connect-src' ? hosts : [])].join(' '),
    )
    .join('; ');
}

/**
 * The policy of the engine and of the service worker: they alone reach storage nodes, full nodes and relays, on whatever
 * hosts and ports the chain names. A worker obeys the policy that comes with its script, not its page's.
 *
 * @param {readonly string[]} [hosts] of a network that is not reached by https
 */
function workerPolicy(hosts = []) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    ["connect-src 'self' https:", ...hosts].join(' '),
    "require-trusted-types-for 'script'",
    'trusted-types haulout',
  ].join('; ');
}

/** Such scripts, as the headers of hosts name them, and as they are found wherever the site lies. */
const WORKERS = [
  { name: '/assets/engine.worker-*', path: /(?:^|\/)assets\/engine\.worker-[^/]*$/ },
  { name: '/sw.js', path: /(?:^|\/)sw\.js$/ },
];

/**
 * What an answer has instead of the usual headers.
 *
 * @param {string} path path inside `dist/app`, without a leading slash
 * @param {readonly string[]} [hosts] see `workerPolicy`
 * @returns {Record<string, string>}
 */
export function ownHeaders(path, hosts) {
  const isWorker = WORKERS.some((script) => script.path.test(path));
  return isWorker ? { 'Content-Security-Policy': workerPolicy(hosts) } : {};
}

/**
 * Headers of every answer. No COEP and no `same-origin` COOP: they cut off wallets that open in a pop-up.
 *
 * @param {readonly string[]} [hosts] origins that the page may ask besides its own
 */
export function securityHeaders(hosts) {
  return {
    'Content-Security-Policy': contentSecurityPolicy('header', hosts),
    'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Origin-Agent-Cluster': '?1',
    'Permissions-Policy':
      'camera=(self), clipboard-write=(self), geolocation=(), microphone=(), usb=(), payment=()',
  };
}

/**
 * How long a file may be kept without asking again.
 *
 * @param {string} path path inside `dist/app`, with `/` separators and without a leading one
 */
export function cacheControl(path) {
  return path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The same as a `_headers` file, the format that several static hosts read. */
export function hostHeadersFile() {
  const lines = Object.entries(securityHeaders()).map(([name, value]) => `  ${name}: ${value}`);
  return [
    '/*',
    ...lines,
    '  Strict-Transport-Security: max-age=63072000',
    `  Cache-Control: ${cacheControl('index.html')}`,
    '/assets/*',
    '  ! Cache-Control',
    `  Cache-Control: ${cacheControl('assets/')}`,
    ...WORKERS.flatMap(({ name }) => [
      name,
      '  ! Content-Security-Policy',
      `  Content-Security-Policy: ${workerPolicy()}`,
    ]),
    '',
  ].join('\n');
}

/**
 * Puts the policy into the built page, for hosts that send no headers, and emits `_headers`.
 *
 * @returns {import('vite').Plugin}
 */
export function cspPlugin() {
  return {
    name: 'haulout-csp',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          attrs: {
            'http-equiv': 'Content-Security-Policy',
            content: contentSecurityPolicy('meta'),
          },
          injectTo: 'head-prepend',
        },
      ],
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: hostHeadersFile() });
    },
  };
}
