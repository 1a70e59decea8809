import { useState } from 'react';
import type { JobSnapshot, NodeProgress } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { BLOCK_STATES, countShares } from '../../presentation/node-strip.ts';
import { quorumWeight } from '../../protocol/committee.ts';
import { Action } from '../parts/action.tsx';
import { CardHead } from '../parts/card-head.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './node-card.module.css';
import { NodeStrip } from './node-strip.tsx';
import { NodeTable } from './node-table.tsx';
import { QuorumMeter } from './quorum-meter.tsx';

const c = classesOf(css);

/** Who has it, and how near safe it is: as a picture, in a sentence, or as a table. */
export function NodeCard({
  nodes,
  state,
}: {
  nodes: readonly NodeProgress[];
  state: JobSnapshot['state'];
}) {
  const { say, formats } = useWords();
  const [isTable, setTable] = useState(false);
  const counts = countShares(nodes);
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  const held = counts.confirmed + counts.confirming;
  const aside = nodes.filter((node) => node.state === 'failed').length;
  const need = quorumWeight(total);
  return (
    <section className={`card ${c('card')}`} data-nodes={nodes.length}>
      <CardHead title={say('nodes.title')}>
        <Action kind="link" onPress={() => setTable(!isTable)}>
          {say(isTable ? 'matrix.asPicture' : 'nodes.asTable')}
        </Action>
      </CardHead>
      {isTable ? (
        <NodeTable nodes={nodes} />
      ) : (
        <div
          role="img"
          className={c('picture')}
          // Of the state alone: a name that changes with each counter would be read again and again.
          aria-label={say('nodes.name', {
            n: nodes.length,
            state: say(`nodesIn.${stageOf(state)}`),
          })}
        >
          <QuorumMeter confirmed={counts.confirmed} held={held} need={need} total={total} />
          <NodeStrip nodes={nodes} />
        </div>
      )}
      <p className={`${c('text')} numeric`} data-nodes-text>
        {say('nodes.text', {
          have: formats.count(held),
          total: formats.count(total),
          need: formats.count(need),
        })}{' '}
        {aside > 0 && say('nodes.aside', { n: aside })}
      </p>
      {!isTable && (
        <ul className={`${c('keys')} numeric`}>
          {BLOCK_STATES.filter((each) => counts[each] > 0).map((each) => (
            <li key={each} data-swatch={each}>
              {say(`nodeState.${each}` satisfies MessageKey)} {formats.count(counts[each])}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function stageOf(state: JobSnapshot['state']): 'sending' | 'signed' | 'stored' {
  if (state === 'certifying' || state === 'awaiting-certify') return 'signed';
  return state === 'certified' || state === 'topping-up' ? 'stored' : 'sending';
}
