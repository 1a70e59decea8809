import type { Quote } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { SlowChain } from '../parts/slow-chain.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useAfter } from '../parts/use-after.ts';
import { CancellingLine } from '../uploads/cancelling-line.tsx';
import { useWords } from '../words.tsx';
import { AccountChange } from './account-change.tsx';
import type { Checkout } from './use-checkout.ts';
import css from './wallet-wait.module.css';
import { WalletWill } from './wallet-will.tsx';

const c = classesOf(css);

/** A wallet that has not come up by then is behind this window, or locked. */
const QUIET_MS = 8_000;
/** The second press of a double click on Pay may land on what stands here. */
const DOUBLE_CLICK_MS = 500;

interface WalletWaitProps {
  readonly quote: Quote;
  readonly checkout: Checkout;
}

/** All SUI that leaves the wallet, as its own window counts it. */
function suiOf({ gasMist, tipMist, stipendMist, exchangeMist }: Quote['cost']): bigint {
  return gasMist + tipMist + stipendMist + exchangeMist;
}

/** What the wallet shows should be the same as what stands here. */
export function WalletWait({ quote, checkout }: WalletWaitProps) {
  const { say, formats } = useWords();
  const { cost, files } = quote;
  const { upload } = checkout;
  const snapshot = upload?.seen?.snapshot;
  const condition = snapshot?.condition?.error;
  const isLeaving = upload?.isCancelling === true;
  const isShown = snapshot?.state === 'in-wallet';
  const isSilent = condition?.code === 'wallet-silent';
  const isQuiet = useAfter(QUIET_MS);
  const isCalm = useAfter(DOUBLE_CLICK_MS);
  return (
    <div className={c('wait')} data-quote="in-wallet">
      <p className={`${c('amount')} numeric`} data-mist={`${suiOf(cost)}`}>
        {say('wallet.amounts', {
          wal: formats.amount(cost.walFrost, 'up'),
          sui: formats.amount(suiOf(cost), 'up'),
        })}
      </p>
      <p>{say('wallet.for', { n: files.length })}</p>
      {isLeaving ? (
        <CancellingLine paid={snapshot?.paid ?? 'nothing'} />
      ) : isShown ? (
        <p className={c('hint')}>{say('wallet.compare')}</p>
      ) : (
        <>
          <p className={c('hint')}>{say('wallet.preparing')}</p>
          <SlowChain />
        </>
      )}
      {!isLeaving && <p className={c('hint')}>{say('wallet.nothingPaid')}</p>}
      {isSilent && <p data-hint="silent">{say('wallet.silent')}</p>}
      {condition !== undefined && !isSilent && <TroubleCard error={condition} />}
      <AccountChange payer={quote.payer} checkout={checkout} />
      <div className={c('actions')}>
        {isQuiet && isShown && !isLeaving && (
          <Action kind="primary" onPress={checkout.showAgain}>
            {say('wallet.showAgain')}
          </Action>
        )}
        <Action kind="quiet" onPress={checkout.withdraw} isDisabled={!isCalm || isLeaving}>
          {say('wallet.cancel')}
        </Action>
      </div>
      <WalletWill quote={quote} />
    </div>
  );
}
