import { isHauloutError } from '../../protocol/errors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Sheet } from '../parts/sheet.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { CostTable } from './cost-table.tsx';
import { DurationChoice } from './duration-choice.tsx';
import { KeepingChoice } from './keeping-choice.tsx';
import { KindChoice } from './kind-choice.tsx';
import { PayBar } from './pay-bar.tsx';
import { QuiltAdvice } from './quilt-advice.tsx';
import css from './quote-sheet.module.css';
import { Standings } from './standings.tsx';
import { useCheckout } from './use-checkout.ts';
import { useQuote } from './use-quote.ts';
import { WalletWait } from './wallet-wait.tsx';

const c = classesOf(css);

/** Why there was no payment comes first, and is seen wherever the sheet was scrolled to. */
const intoView = (card: HTMLElement | null) => card?.scrollIntoView({ block: 'nearest' });

/** What storing costs, until when and for whom; then the wait for the wallet. */
export function QuoteSheet() {
  const view = useQuote();
  const checkout = useCheckout();
  const { quote } = useServices();
  const { say } = useWords();
  const { items, made, error } = view;
  const n = items.length;
  return (
    <Sheet
      title={say(checkout.isAsking ? 'wallet.waitTitle' : 'quote.title', { n })}
      isOpen={n > 0}
      onClose={checkout.close}
      isDismissable={!checkout.isAsking} // the second press of a double click may land beside it
    >
      {checkout.isAsking && made !== undefined ? (
        <WalletWait quote={made.quote} checkout={checkout} />
      ) : (
        <div className={c('quote')} data-quote={made === undefined ? 'asking' : 'made'}>
          {checkout.error !== undefined && (
            <div ref={intoView} key={String(checkout.error)}>
              <TroubleCard error={checkout.error} {...wayOn()} />
            </div>
          )}
          <DurationChoice view={view} />
          {error !== undefined && <TroubleCard error={error} />}
          {made !== undefined && (
            <>
              <Standings quote={made.quote} />
              <QuiltAdvice quote={made.quote} facts={view.facts} />
              <CostTable quote={made.quote} facts={view.facts} />
            </>
          )}
          <KindChoice />
          {made?.quote.unkept !== undefined && <KeepingChoice unkept={made.quote.unkept} />}
          <PayBar view={view} checkout={checkout} />
        </div>
      )}
    </Sheet>
  );

  /** A window that was held back opens from a press on the page; what was bought already is in the next price. */
  function wayOn() {
    const isHeldBack = isHauloutError(checkout.error, 'wallet-popup-blocked');
    if (!isHeldBack && !isHauloutError(checkout.error, 'paid-already')) return {};
    const press = isHeldBack ? checkout.pay : () => quote.again();
    return { action: (label: string) => <Action onPress={press}>{label}</Action> };
  }
}
