import { type NetworkShares, networkShares } from '../../presentation/network-verdict.ts';
import type { NodesSight } from '../../transfer/read/look-at-nodes.ts';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { CircleCheck, TriangleAlert } from '../parts/icons.ts';
import { NodeStrip } from '../uploads/node-strip.tsx';
import { QuorumMeter } from '../uploads/quorum-meter.tsx';
import { useWords } from '../words.tsx';
import css from './verdict-card.module.css';

const c = classesOf(css);

/** Is it them? In a sentence, and as the picture of shares. */
export function VerdictCard({ sight }: { sight: NodesSight }) {
  const { say, formats } = useWords();
  const nodes = sight.nodes.map(({ weight, state }) => ({
    weight,
    answers: state === 'well' || state === 'behind',
  }));
  const shares: NetworkShares = networkShares(nodes);
  const { verdict, answering, total, toStore, toRead } = shares;
  const silent = nodes.filter(({ answers }) => !answers).length; // or say something else than they should
  const counts = { n: nodes.length, answering: nodes.length - silent, silent };
  return (
    <section className={`card ${c('card')}`} data-verdict={verdict}>
      <h2 className={c('sentence')}>
        <Icon of={verdict === 'good' ? CircleCheck : TriangleAlert} />
        {say(`networkVerdict.${verdict}`, counts)}
      </h2>
      <div
        role="img"
        className={c('picture')}
        aria-label={say('network.sharesName', { n: nodes.length })}
      >
        <QuorumMeter confirmed={answering} held={answering} need={toStore} total={total} />
        <NodeStrip
          nodes={nodes.map(({ weight, answers }) => ({
            weight,
            state: answers ? 'confirmed' : 'failed',
          }))}
        />
      </div>
      <p className="numeric" data-shares={answering}>
        {say('network.shares', {
          have: formats.count(answering),
          total: formats.count(total),
          store: formats.count(toStore),
          read: formats.count(toRead),
        })}
      </p>
    </section>
  );
}
