import { type BrowserContext, test as base, expect } from '@playwright/test';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

export { expect };

interface TestFixtures {
  /** Problems that this test brings about on purpose; a problem that one of them matches is no failure. */
  expectedProblems: RegExp[];
  watched: undefined;
}

interface WorkerFixtures {
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

/** Collects what no page of ours may do: policy violations, errors, requests that leave the origin. */
async function watch(context: BrowserContext, origin: string): Promise<string[]> {
  const problems: string[] = [];
  await context.addInitScript(reportViolations);
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console error: ${message.text()}`);
  });
  context.on('weberror', (event) => problems.push(`page error: ${event.error().stack}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isLocal = url.origin === origin || url.protocol === 'blob:' || url.protocol === 'data:';
    if (!isLocal) problems.push(`request to another origin: ${url.href}`);
  });
  return problems;
}

/**
 * Playwright's `test` for the built site: `page.goto('./')` opens it, and every test fails if a page of its context
 * breaks the security policy, logs an error, throws, or asks another origin for anything.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await serve({ folder: siteFolder });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  expectedProblems: [[], { option: true }],
  watched: [
    async ({ context, site, expectedProblems }, use) => {
      const problems = await watch(context, new URL(site.url).origin);
      await use(undefined);
      const isExpected = (problem: string) => expectedProblems.some((one) => one.test(problem));
      expect(problems.filter((problem) => !isExpected(problem))).toEqual([]);
    },
    { auto: true },
  ],
});
