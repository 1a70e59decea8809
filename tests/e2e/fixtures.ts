import { type BrowserContext, test as base, expect } from '@playwright/test';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

export { expect };

interface TestFixtures {
  /** Problems that this test brings about on purpose; a problem that one of them matches is no failure. */
  expectedProblems: RegExp[];
  /** has the test fail by what a page of this context may not do */
  watch(context: BrowserContext): Promise<void>;
  /** that the context of the test is watched */
  watched: undefined;
}

interface WorkerFixtures {
  /** whether the site is served as `npm start` serves it: on a local network, with the development wallet */
  isLocal: boolean;
  /** what the local network is like, as on its command line */
  networkWords: readonly string[];
  localNetwork: ServedNetwork | undefined;
  site: { url: string };
}

/** Runs in each page before its scripts: what the policy forbids becomes a console error that we watch. */
function reportViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    console.error(
      `securitypolicyviolation ${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}`,
    );
  });
}

/** All that a local network answers at. */
function urlsOf(network: ServedNetwork | undefined): string[] {
  if (network === undefined) return [];
  const { rpcUrl, faucetUrl, relayUrl, aggregatorUrl, nodes } = network.description;
  return [rpcUrl, faucetUrl, relayUrl, aggregatorUrl, ...nodes.map(({ url }) => url)];
}

/** Collects what no page of ours may do: policy violations, errors, requests to other origins than these. */
async function collect(
  context: BrowserContext,
  origins: readonly string[],
  problems: string[],
): Promise<void> {
  await context.addInitScript(reportViolations);
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console error: ${message.text()}`);
  });
  context.on('weberror', (event) => problems.push(`page error: ${event.error().stack}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isOwn = origins.includes(url.origin) || ['blob:', 'data:'].includes(url.protocol);
    if (!isOwn) problems.push(`request to another origin: ${url.href}`);
  });
}

/**
 * Playwright's `test` for the built site: `page.goto('./')` opens it, and every test fails if a page of its context
 * breaks the security policy, logs an error, throws, or asks another origin for anything.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  isLocal: [false, { option: true, scope: 'worker' }],
  networkWords: [['--profile', 'tiny'], { option: true, scope: 'worker' }],
  localNetwork: [
    async ({ isLocal, networkWords }, use) => {
      if (!isLocal) return use(undefined);
      await buildDevWalletIfChanged();
      const { startFrom } = await loadDevnet();
      const started = await startFrom([
        ...networkWords,
        ...['--port', '0', '--data', 'none', '--lag', '100'],
      ]);
      if (typeof started === 'string') throw new Error(started);
      await use(started);
      await started.close();
    },
    { scope: 'worker' },
  ],
  site: [
    async ({ localNetwork }, use) => {
      const network = localNetwork?.description;
      const server = await serve({ folder: siteFolder, ...(network && { network }) });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  expectedProblems: [[], { option: true }],
  watch: async ({ site, localNetwork, expectedProblems }, use) => {
    const origins = [site.url, ...urlsOf(localNetwork)].map((url) => new URL(url).origin);
    const problems: string[] = [];
    await use((context) => collect(context, origins, problems));
    const isExpected = (problem: string) => expectedProblems.some((one) => one.test(problem));
    expect(problems.filter((problem) => !isExpected(problem))).toEqual([]);
  },
  watched: [
    async ({ context, watch }, use) => {
      await watch(context);
      await use(undefined);
    },
    { auto: true },
  ],
});
