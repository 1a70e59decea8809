import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { MessageKey } from '../../presentation/messages.ts';
import { clock } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Minus, Plus } from '../parts/icons.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './duration-choice.module.css';
import { endOf, epochsUntil, type QuoteView } from './quote-desk.ts';

const c = classesOf(css);

const DAY_MS = 24 * 3_600_000;
/** From now on; a preset is never shorter than it says. */
const PRESETS: readonly (readonly [MessageKey, number])[] = [
  ['quote.weeks2', 14 * DAY_MS],
  ['quote.months3', 92 * DAY_MS],
  ['quote.months6', 184 * DAY_MS],
  ['quote.year1', 365 * DAY_MS],
];

/** Until when: a date, a period more or less, or one of a few usual times. */
export function DurationChoice({ view }: { view: QuoteView }) {
  const { quote } = useServices();
  const { say, formats } = useWords();
  const { facts, wishes } = view;
  const { epochs } = wishes;
  if (facts === undefined || epochs === undefined) return null;
  const most = facts.maxEpochsAhead;
  const presets = PRESETS.map(([key, ms]) => ({
    key,
    epochs: epochsUntil(facts, clock.wall() + ms),
  })).filter((each, at, all) => all.findIndex(({ epochs }) => epochs === each.epochs) === at);
  const choices = [
    ...presets.filter((each) => each.epochs < most),
    { key: 'quote.longest' as MessageKey, epochs: most },
  ];
  const ends = endOf(facts, epochs);
  const isShort = facts.epochDurationMs < 2 * DAY_MS;
  return (
    <section className={c('duration')} aria-label={say('quote.until')}>
      <div className={c('line')}>
        <span className={c('label')}>{say('quote.until')}</span>
        <span className={c('stepper')}>
          <Action
            kind="icon"
            aria-label={say('quote.shorter')}
            isDisabled={epochs <= 1}
            onPress={() => quote.wish({ epochs: epochs - 1 })}
          >
            <Icon of={Minus} />
          </Action>
          <strong className={c('date')} data-until={ends}>
            {isShort ? formats.dateTime(ends) : formats.date(ends)}
          </strong>
          <Action
            kind="icon"
            aria-label={say('quote.longer')}
            isDisabled={epochs >= most}
            onPress={() => quote.wish({ epochs: epochs + 1 })}
          >
            <Icon of={Plus} />
          </Action>
        </span>
        <span className={c('periods')}>{say('quote.periods', { n: epochs })}</span>
      </div>
      <ToggleButtonGroup
        className={c('presets')}
        aria-label={say('quote.presets')}
        selectionMode="single"
        selectedKeys={choices.filter((each) => each.epochs === epochs).map(({ key }) => key)}
        onSelectionChange={(keys) => {
          const chosen = choices.find(({ key }) => keys.has(key));
          if (chosen !== undefined) quote.wish({ epochs: chosen.epochs });
        }}
      >
        {choices.map(({ key }) => (
          <ToggleButton key={key} id={key} className={c('preset')}>
            {say(key)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </section>
  );
}
