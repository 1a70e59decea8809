import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import type { Quote } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { SlowChain } from '../parts/slow-chain.tsx';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWallet } from '../wallet/use-wallet.ts';
import { useWords } from '../words.tsx';
import { AccountChange } from './account-change.tsx';
import css from './pay-bar.module.css';
import { Purse } from './purse.tsx';
import type { QuoteView } from './quote-desk.ts';
import type { Checkout } from './use-checkout.ts';

const c = classesOf(css);

interface PayBarProps {
  readonly view: QuoteView;
  readonly checkout: Checkout;
}

/** The one button that leads to the wallet, and what stands in its way. */
export function PayBar({ view, checkout }: PayBarProps) {
  const { wallet, quote } = useServices();
  const { say, formats } = useWords();
  const { port, otherChain } = useWallet();
  const { made, step } = view;
  const [, go] = useLocation();
  const pay = useRef<HTMLButtonElement>(null);
  const isDeclined = checkout.upload !== undefined; // the way back from the wallet leads to the button
  useEffect(() => {
    if (isDeclined) pay.current?.focus();
  }, [isDeclined]);
  const isConnected = port !== undefined;
  const isShort = made?.quote.conditions.some(({ code }) => code !== 'wallet-missing') === true;
  const mustChoose = made?.quote.unkept !== undefined && view.isUnkeptFine !== true;
  const isHeld =
    made === undefined || step !== undefined || isShort || mustChoose || otherChain !== undefined;
  const begun = made && unfinishedIn(made.quote);
  const isFree = made !== undefined && made.quote.approvals === 0 && isConnected;
  const label =
    made === undefined
      ? say('quote.asking')
      : isFree
        ? say('quote.useStored')
        : say('quote.pay', { amount: formats.amount(made.quote.cost.walFrost, 'up') });
  return (
    <div className={c('bar')}>
      <AccountChange payer={made?.quote.payer} checkout={checkout} />
      <Purse view={view} />
      {step === 'quoting' && made === undefined && <SlowChain />}
      <div className={c('actions')}>
        {view.error !== undefined ? (
          <Action kind="primary" onPress={() => quote.again()}>
            {say('found.readAgain')}
          </Action>
        ) : begun !== undefined ? (
          <Action
            kind="primary"
            onPress={() => {
              checkout.close();
              go(uploadPlace(begun));
            }}
          >
            {say('upload.resume')}
          </Action>
        ) : isConnected || made === undefined ? (
          <Action kind="primary" ref={pay} isDisabled={isHeld} onPress={checkout.pay}>
            {label}
          </Action>
        ) : (
          <Action kind="primary" onPress={() => void wallet.connect()}>
            {say('quote.connect')}
          </Action>
        )}
        <Action kind="quiet" onPress={checkout.close}>
          {say('quote.notNow')}
        </Action>
      </div>
      {made !== undefined && (
        <p className={c('hint')}>
          {isConnected
            ? say('quote.approvals', { n: made.quote.approvals })
            : say('quote.nothingPaid')}
        </p>
      )}
    </div>
  );
}

/** The one upload to go on with, where there is nothing else to do. */
function unfinishedIn({ files }: Quote): string | undefined {
  const jobs = new Set(
    files.map(({ standing, jobId }) => (standing === 'unfinished' ? jobId : '')),
  );
  return jobs.size === 1 ? files[0]?.jobId : undefined;
}
