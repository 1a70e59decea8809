import type { Quote } from '../../flows/store/types.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { TriangleAlert } from '../parts/icons.ts';
import css from '../parts/trouble-card.module.css';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { useQuote } from './use-quote.ts';

const c = classesOf(css);

/** Where pieces find no room on this device: whether to go on without keeping them. */
export function KeepingChoice({ unkept }: Required<Pick<Quote, 'unkept'>>) {
  const { quote } = useServices();
  const { isUnkeptFine = false } = useQuote();
  const { say, formats } = useWords();
  if (isUnkeptFine) {
    return (
      <p className="hint" data-unkept="chosen" role="status">
        {say('unkept.chosen')}
      </p>
    );
  }
  const sizes = {
    need: formats.bytes(unkept.neededBytes),
    free: formats.bytes(unkept.freeBytes),
  };
  return (
    <div className={c('card')} data-unkept="asked">
      <span className={c('mark')}>
        <Icon of={TriangleAlert} />
      </span>
      <div className={c('words')}>
        <p className={c('happened')}>{say('unkept.happened', sizes)}</p>
        <p className={c('safe')}>{say('unkept.safe')}</p>
        <p className={c('safe')}>{say('unkept.or')}</p>
        <div className={c('actions')}>
          <Action onPress={() => quote.goOnUnkept()}>{say('unkept.goOn')}</Action>
        </div>
      </div>
    </div>
  );
}
