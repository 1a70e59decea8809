import { Choice } from '../parts/choice.tsx';
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
      <Choice
        label={say('quote.kind')}
        value={deletable ? 'deletable' : 'permanent'}
        onChange={(value) => quote.wish({ deletable: value === 'deletable' })}
        options={[
          { value: 'deletable', label: say('quote.deletable') },
          { value: 'permanent', label: say('quote.permanent') },
        ]}
      />
      <p className={c('public')}>
        <Icon of={Globe} size={18} />
        {say('quote.public')}
      </p>
    </>
  );
}
