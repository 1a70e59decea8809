import { quiltSaving } from '../../flows/store/quilt-saving.ts';
import type { NetworkFacts, Quote } from '../../flows/store/types.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './quote-sheet.module.css';

const c = classesOf(css);

/** Small files cost mostly metadata: what they would cost as one blob. */
export function QuiltAdvice({ quote, facts }: { quote: Quote; facts: NetworkFacts | undefined }) {
  const { say, formats } = useWords();
  if (facts === undefined) return null;
  const fresh = quote.files.filter(({ standing }) => standing === 'new');
  const saving = quiltSaving(
    fresh.map(({ bytes }) => bytes),
    facts,
    quote.endEpoch - facts.epoch,
    facts.shardCount,
  );
  if (saving === undefined) return null;
  const { files, quilts, singleFrost, packedFrost } = saving;
  return (
    <p className={c('standings')} data-advice="quilt">
      {say('quote.quilt', {
        files,
        quilts,
        single: formats.amount(singleFrost, 'up'),
        packed: formats.amount(packedFrost, 'up'),
      })}
    </p>
  );
}
