import type { Journal } from '../../store/journal.ts';
import type { IntentRun } from './intent-run.ts';
import { paidOf, spentOf } from './job-view.ts';
import { type Found, readJobs } from './open-jobs.ts';
import type { StorePorts } from './ports.ts';
import { storedFiles } from './stored-files.ts';

const FORMAT = 'haulout-uploads-1';

/**
 * All uploads that are written down, of all networks, as JSON: files, objects, payments, and the receipts of what was
 * certified. Amounts are decimal text in FROST and MIST. No key and no content is in it.
 */
export async function exportUploads(ports: StorePorts, journal: Journal): Promise<string> {
  const jobs = await readJobs(ports, journal, () => true);
  const uploads = await Promise.all(jobs.map(uploadOf));
  return JSON.stringify({ format: FORMAT, atMs: ports.clock.wall(), uploads }, null, 2);
}

async function uploadOf({ record, runs, error }: Found) {
  const states = runs.map(({ state }) => state);
  const { spent } = spentOf(states);
  const files = await storedFiles(record, runs, new Map());
  return {
    ...{ jobId: record.jobId, chainId: record.chainId, atMs: record.atMs, paid: paidOf(states) },
    isFinished: error === undefined && states.every(({ closed }) => closed),
    ...(spent ? { spentFrost: `${spent.frost}`, spentMist: `${spent.mist}` } : {}),
    ...(record.shown ? { endsMs: record.shown.endsMs } : {}),
    payments: runs.map(paymentOf),
    files: files.map(({ receipt, error: _, ...file }) => {
      return { ...file, ...(receipt === undefined ? {} : { receipt: JSON.parse(receipt) }) };
    }),
    ...(error ? { damaged: error.code } : {}),
  };
}

/** Where the chain has it: enough to find everything with a wallet and an explorer. */
function paymentOf({ state: { plan, phase, key, registered } }: IntentRun) {
  return {
    ...{ phase, payer: plan.payer, owner: plan.owner },
    ...(key ? { holder: key.holder } : {}),
    ...(registered?.digest ? { digest: registered.digest } : {}),
  };
}
