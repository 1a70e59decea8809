import type { NodeProgress } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { shortAddress } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './node-table.module.css';

const c = classesOf(css);

/** What the strip shows, in words. */
export function NodeTable({ nodes }: { nodes: readonly NodeProgress[] }) {
  const { say, formats } = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={c('frame')} aria-label={say('nodes.title')} tabIndex={0}>
      <table className={`${c('table')} numeric`}>
        <thead>
          <tr>
            <th scope="col">{say('nodes.node')}</th>
            <th scope="col">{say('nodes.share')}</th>
            <th scope="col">{say('nodes.state')}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ nodeId, weight, state }) => (
            <tr key={nodeId} data-node={state}>
              <th scope="row">
                <bdi dir="ltr" translate="no" title={nodeId}>
                  {shortAddress(nodeId)}
                </bdi>
              </th>
              <td>{formats.count(weight)}</td>
              <td>{say(`nodeState.${state}` satisfies MessageKey)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
