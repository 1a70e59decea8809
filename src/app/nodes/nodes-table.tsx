import { useState } from 'react';
import type { NodeSight } from '../../transfer/read/look-at-nodes.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import type { NodesView } from './nodes-desk.ts';
import css from './nodes-table.module.css';
import { Weather } from './weather.tsx';

const c = classesOf(css);
const SHOWN = 10;
const RANK = { silent: 0, strange: 1, behind: 2, well: 3 } as const;

/** The nodes, those in trouble first and then the slowest; a few, or all. */
export function NodesTable({ view, nodes }: { view: NodesView; nodes: readonly NodeSight[] }) {
  const { say, formats } = useWords();
  const [isAll, setAll] = useState(false);
  const sorted = [...nodes].sort(worstFirst);
  const shown = isAll ? sorted : sorted.slice(0, SHOWN);
  return (
    <section className={`card ${c('card')}`} aria-label={say('nodes.title')}>
      <table className={`${c('table')} numeric`}>
        <thead>
          <tr>
            <th scope="col">{say('nodes.node')}</th>
            <th scope="col">{say('nodes.share')}</th>
            <th scope="col">{say('network.delay')}</th>
            <th scope="col">{say('network.seen')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ nodeId, networkAddress, weight, state, ms }) => (
            <tr key={nodeId} data-node={state}>
              <th scope="row">
                <bdi dir="ltr" translate="no" title={nodeId}>
                  {networkAddress}
                </bdi>
              </th>
              <td>{say('network.weight', { n: weight, count: formats.count(weight) })}</td>
              <td>
                {ms !== undefined && say('network.ms', { ms: formats.count(Math.round(ms)) })}{' '}
                {state !== 'well' && (
                  <span className={c('trouble')}>{say(`nodeSeen.${state}`)}</span>
                )}
              </td>
              <td>
                <Weather marks={view.marks.get(nodeId) ?? []} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {nodes.length > SHOWN && (
        <Action kind="link" onPress={() => setAll(!isAll)}>
          {say(isAll ? 'network.worst' : 'network.all', { n: isAll ? SHOWN : nodes.length })}
        </Action>
      )}
    </section>
  );
}

function worstFirst(a: NodeSight, b: NodeSight): number {
  return RANK[a.state] - RANK[b.state] || (b.ms ?? 0) - (a.ms ?? 0);
}
