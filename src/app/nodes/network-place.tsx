import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { RotateCw } from '../parts/icons.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { BadDays } from './bad-days.tsx';
import { FactsList } from './facts-list.tsx';
import css from './network-place.module.css';
import { NodesTable } from './nodes-table.tsx';
import { useNodes } from './use-nodes.ts';
import { VerdictCard } from './verdict-card.tsx';

const c = classesOf(css);

/** Is it me or them? */
export function NetworkPlace() {
  const { say, formats } = useWords();
  const { name } = useServices().network;
  const { view, look } = useNodes();
  const { last, isLooking, sinceMs, error } = view;
  return (
    <div className={c('place')} data-looking={isLooking}>
      <div className={c('intro')}>
        <h1 tabIndex={-1}>{say('network.title')}</h1>
        <Action kind="secondary" isDisabled={isLooking} onPress={look}>
          <Icon of={RotateCw} />
          {say(isLooking ? 'network.looking' : 'network.look')}
        </Action>
      </div>
      {last === undefined && error === undefined && <p>{say('network.first')}</p>}
      {error !== undefined && (
        <p role="status" data-trouble={error.code}>
          {say('network.noChain')}
        </p>
      )}
      {last !== undefined && <VerdictCard sight={last} />}
      {last !== undefined && <FactsList view={view} />}
      {last !== undefined && <NodesTable view={view} nodes={last.nodes} />}
      {sinceMs !== undefined && (
        <p className="hint">{say('network.since', { time: formats.time(sinceMs) })}</p>
      )}
      {name === 'localnet' && <BadDays onChange={look} />}
    </div>
  );
}
