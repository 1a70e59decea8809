import type { Formats } from '../presentation/format.ts';
import type { MessageKey, Say } from '../presentation/messages.ts';
import { shortAddress } from '../presentation/names.ts';
import type { DevWallet } from './dev-wallet.ts';
import { element, openDialog } from './elements.ts';
import { ANSWERS, type Answer, type KeptState, TWISTS, type Twist } from './kept-state.ts';

export interface PanelPorts {
  readonly say: Say;
  readonly formats: Formats;
  /** what an account has, as a sentence */
  balance(address: string): Promise<string>;
  /** asks the faucet */
  fund(address: string): Promise<void>;
}

const ANSWER_WORDS: Readonly<Record<Answer, MessageKey>> = {
  ask: 'devWallet.answerAsk',
  approve: 'devWallet.answerApprove',
  reject: 'devWallet.answerReject',
  close: 'devWallet.answerClose',
  popup: 'devWallet.answerPopup',
  silent: 'devWallet.answerSilent',
};
const TWIST_WORDS: Readonly<Record<Twist, MessageKey>> = {
  none: 'devWallet.twistNone',
  late: 'devWallet.twistLate',
  change: 'devWallet.twistChange',
  execute: 'devWallet.twistExecute',
};

/**
 * The button of the wallet in a corner of the page, and behind it its accounts and what it does on bad days.
 * `data-requests` and `data-approvals` of the button count.
 */
export function mountPanel(wallet: DevWallet, ports: PanelPorts): void {
  const { say } = ports;
  const button = element('button', { type: 'button', className: 'dev-wallet-button' });
  button.append(say('devWallet.open'));
  button.setAttribute('data-react-aria-top-layer', 'true');
  button.addEventListener('click', () => openPanel(wallet, ports));
  const count = () => {
    button.dataset['requests'] = `${wallet.state.requests}`;
    button.dataset['approvals'] = `${wallet.state.approvals}`;
  };
  count();
  wallet.subscribe(count);
  const corner = element('aside', undefined, button);
  corner.setAttribute('aria-label', wallet.name);
  document.body.append(corner);
}

function openPanel(wallet: DevWallet, ports: PanelPorts): void {
  const { say } = ports;
  const { state } = wallet;
  const done = element('button', { type: 'button' }, say('devWallet.done'));
  const dialog = openDialog(
    wallet.name,
    element('p', undefined, say('devWallet.worthless')),
    ...wallet.addresses.map((address, at) => accountPart(wallet, ports, address, at)),
    choice(say('devWallet.answer'), ANSWERS, ANSWER_WORDS, state.answer, say, (answer) =>
      wallet.change({ answer }),
    ),
    choice(say('devWallet.twist'), TWISTS, TWIST_WORDS, state.twist, say, (twist) =>
      wallet.change({ twist }),
    ),
    flag(wallet, 'isLocked', say('devWallet.locked')),
    flag(wallet, 'isElsewhere', say('devWallet.elsewhere')),
    element('div', { className: 'buttons' }, done),
  );
  done.addEventListener('click', () => dialog.close());
}

function accountPart(wallet: DevWallet, ports: PanelPorts, address: string, at: number) {
  const { say } = ports;
  const has = element('span', undefined, '…');
  const show = () => ports.balance(address).then((text) => has.replaceChildren(text));
  void show();
  const fund = element('button', { type: 'button' }, say('devWallet.fund'));
  fund.addEventListener('click', async () => {
    fund.disabled = true;
    await ports.fund(address);
    await show();
    fund.disabled = false;
  });
  const share = labelled(
    say('devWallet.share', { address: shortAddress(address) }),
    wallet.state.shared.includes(at),
    (isShared) => {
      const others = wallet.state.shared.filter((each) => each !== at);
      wallet.change({ shared: isShared ? [...others, at].sort() : others });
    },
  );
  return element('div', { className: 'account' }, share, has, fund);
}

function choice<T extends string>(
  label: string,
  values: readonly T[],
  words: Readonly<Record<T, MessageKey>>,
  chosen: T,
  say: Say,
  onChange: (value: T) => void,
): HTMLElement {
  const options = values.map((value) =>
    element('option', { value, selected: value === chosen }, say(words[value])),
  );
  const select = element('select', undefined, ...options);
  select.addEventListener('change', () => onChange(select.value as T));
  return element('label', undefined, label, select);
}

function flag(wallet: DevWallet, name: keyof KeptState & `is${string}`, label: string) {
  return labelled(label, wallet.state[name], (value) => wallet.change({ [name]: value }));
}

function labelled(label: string, checked: boolean, onChange: (value: boolean) => void) {
  const box = element('input', { type: 'checkbox', checked });
  box.addEventListener('change', () => onChange(box.checked));
  return element('label', undefined, box, label);
}
