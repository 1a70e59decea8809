import { Radio, RadioGroup } from 'react-aria-components';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Globe } from '../parts/icons.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './kind-choice.module.css';
import { useQuote } from './use-quote.ts';

const c = classesOf(css);

/** Deletable or permanent, and that everybody can read it. */
export function KindChoice() {
  const { quote } = useServices();
  const { say } = useWords();
  const { deletable } = useQuote().wishes;
  return (
    <>
      <RadioGroup
        className={c('kinds')}
        aria-label={say('quote.kind')}
        value={deletable ? 'deletable' : 'permanent'}
        onChange={(value) => quote.wish({ deletable: value === 'deletable' })}
      >
        <Radio value="deletable" className={c('kind')}>
          <span className={c('dot')} aria-hidden="true" />
          {say('quote.deletable')}
        </Radio>
        <Radio value="permanent" className={c('kind')}>
          <span className={c('dot')} aria-hidden="true" />
          {say('quote.permanent')}
        </Radio>
      </RadioGroup>
      <p className={c('public')}>
        <Icon of={Globe} size={18} />
        {say('quote.public')}
      </p>
    </>
  );
}
