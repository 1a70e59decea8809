import { Fragment } from 'react';
import { networkInfo } from '../../chain/network-info.ts';
import { classesOf } from '../parts/classes.ts';
import { useServices } from '../services.ts';
import { useNetworkName } from '../shell/network-chip.tsx';
import { useWords } from '../words.tsx';
import css from './facts-list.module.css';
import type { NodesView } from './nodes-desk.ts';

const c = classesOf(css);

/** Period, answers, relay and prices, as far as they are known. */
export function FactsList({ view: { facts, last, tipMist } }: { view: NodesView }) {
  const { say, formats } = useWords();
  const { network } = useServices().network;
  const { relayUrl } = networkInfo(network);
  const times = (last?.nodes ?? []).flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  const middle = times[Math.floor(times.length / 2)];
  const rows: (readonly [string, string])[] = [[say('network.title'), useNetworkName()]];
  if (facts !== undefined) {
    const { epoch, epochEndsMs } = facts;
    rows.push([
      say('network.period'),
      say('network.periodIs', {
        epoch: formats.count(epoch),
        date: formats.dateTime(epochEndsMs),
      }),
    ]);
  }
  if (middle !== undefined) {
    const ms = formats.count(Math.round(middle));
    rows.push([say('network.answers'), say('network.answersIs', { ms })]);
  }
  if (last !== undefined) rows.push([say('network.relay'), relay()]);
  if (facts !== undefined) {
    rows.push([
      say('network.prices'),
      say('network.pricesAre', {
        storage: formats.exactAmount(facts.storagePriceFrost),
        write: formats.exactAmount(facts.writePriceFrost),
      }),
    ]);
  }

  function relay(): string {
    if (!relayUrl) return say('network.relayNone');
    if (tipMist === undefined) return say('network.relayDown');
    if (tipMist === 0n) return say('network.relayFree');
    return say('network.relayTip', { tip: formats.amount(tipMist, 'up') });
  }

  return (
    <dl className={`card ${c('list')} numeric`}>
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
