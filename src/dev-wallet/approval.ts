import type { DecodedTransaction } from '../chain/plan.ts';
import type { Formats } from '../presentation/format.ts';
import type { Say } from '../presentation/messages.ts';
import { shortAddress } from '../presentation/names.ts';
import type { SigningRequest } from './dev-wallet.ts';
import { element, openDialog, termList } from './elements.ts';
import { signedLines } from './signed-lines.ts';

export interface ApprovalPorts {
  readonly say: Say;
  readonly formats: Formats;
  /** reads bytes; undefined if they are none of the transactions that Haulout makes */
  decode(bytes: Uint8Array): Promise<DecodedTransaction | undefined>;
}

/** Makes the question whether to sign: one dialog at a time, the next when it was answered. */
export function approvals(ports: ApprovalPorts): (request: SigningRequest) => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answer = last.then(() => ask(request, ports));
    last = answer.catch(() => undefined);
    return answer;
  };
}

async function ask(request: SigningRequest, ports: ApprovalPorts): Promise<boolean> {
  const { say, formats } = ports;
  const decoded = await ports.decode(request.bytes);
  if (request.signal?.aborted) return false;
  const lines = decoded && signedLines(decoded, say, formats);
  return new Promise((resolve) => {
    const approve = element('button', { type: 'button', className: 'primary' });
    const reject = element('button', { type: 'button' });
    approve.append(say('devWallet.approve'));
    reject.append(say('devWallet.reject'));
    const dialog = openDialog(
      say('devWallet.asks'),
      element('p', undefined, say('devWallet.worthless')),
      lines
        ? termList(lines)
        : element(
            'p',
            undefined,
            say('devWallet.unknown', { address: shortAddress(request.address) }),
          ),
      element('div', { className: 'buttons' }, approve, reject),
    );
    dialog.setAttribute('data-approval', decoded?.plan.kind ?? 'unknown');
    const close = () => dialog.close();
    approve.addEventListener('click', () => dialog.close('approved'));
    reject.addEventListener('click', close);
    request.signal?.addEventListener('abort', close, { once: true });
    dialog.addEventListener('close', () => {
      request.signal?.removeEventListener('abort', close);
      resolve(dialog.returnValue === 'approved');
    });
  });
}
