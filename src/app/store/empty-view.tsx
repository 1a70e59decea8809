import { OpenLine, useOpenText } from '../open/open-line.tsx';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Files, Globe, Laptop, Wallet } from '../parts/icons.ts';
import { useLostFocus } from '../parts/use-lost-focus.ts';
import { useWords } from '../words.tsx';
import css from './empty-view.module.css';
import { LeftOutLine } from './left-out-line.tsx';
import type { Adding } from './use-adding.ts';

const c = classesOf(css);

/** The first screen. */
export function EmptyView(props: { adding: Adding; wasFilled: boolean }) {
  const { say } = useWords();
  const { chooseFiles, chooseFolder } = props.adding;
  const heading = useLostFocus(props.wasFilled);
  return (
    <div className={c('view')}>
      <div className={c('intro')}>
        <h1 ref={heading} tabIndex={-1}>
          {say('store.title')}
        </h1>
        <p className={c('lead')}>{say('store.lead')}</p>
      </div>
      <section className={c('drop')} aria-label={say('drop.title')}>
        <span className={c('mark')}>
          <Icon of={Files} size={40} />
        </span>
        <h2 className={c('dropTitle')}>{say('drop.title')}</h2>
        <div className={c('buttons')}>
          <Action kind="primary" onPress={chooseFiles}>
            {say('drop.choose')}
          </Action>
          <Action onPress={chooseFolder}>{say('drop.folder')}</Action>
        </div>
        <p className="hint">{say('drop.paste')}</p>
        <LeftOutLine leftOut={{ ...props.adding.leftOut, known: 0 }} />
      </section>
      <ul className={c('facts')}>
        <li>
          <Icon of={Laptop} />
          <span>{say('drop.anywhere')}</span>
        </li>
        <li>
          <Icon of={Wallet} />
          <span>{say('store.scope')}</span>
        </li>
        <li>
          <Icon of={Globe} />
          <span>{say('store.public')}</span>
        </li>
      </ul>
      <IdForm />
    </div>
  );
}

/** For those who come with an ID instead of a file. */
function IdForm() {
  const { say } = useWords();
  const text = useOpenText();
  return (
    <section className={`card ${c('have')}`}>
      <h2>{say('store.haveId')}</h2>
      <OpenLine of={text} label={say('store.haveIdLabel')} go={say('store.haveIdGo')} />
    </section>
  );
}
