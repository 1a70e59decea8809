import type { FileStanding, Quote } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './quote-sheet.module.css';

const c = classesOf(css);

const SENTENCES: Partial<Record<FileStanding, MessageKey>> = {
  duplicate: 'quote.duplicates',
  stored: 'quote.stored',
  owned: 'quote.owned',
  registered: 'quote.registered',
  unfinished: 'quote.unfinished',
};

/** Files that need not be paid for, and why. */
export function Standings({ quote }: { quote: Quote }) {
  const { say } = useWords();
  const lines = (Object.keys(SENTENCES) as FileStanding[]).flatMap((standing) => {
    const n = quote.files.filter((file) => file.standing === standing).length;
    const key = SENTENCES[standing];
    return n > 0 && key !== undefined ? [{ standing, text: say(key, { n }) }] : [];
  });
  if (lines.length === 0) return null;
  return (
    <ul className={c('standings')}>
      {lines.map(({ standing, text }) => (
        <li key={standing} data-standing={standing}>
          {text}
        </li>
      ))}
    </ul>
  );
}
