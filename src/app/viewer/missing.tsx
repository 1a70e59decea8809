import { siteUrl } from '../app-base.ts';
import { useBase } from '../base.ts';
import { Action } from '../parts/action.tsx';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { useNetworkName } from '../shell/network-chip.tsx';
import { useWords } from '../words.tsx';
import type { BlobDesk } from './blob-desk.ts';
import type { BlobState, Stage } from './blob-state.ts';
import css from './blob-view.module.css';

const c = classesOf(css);

interface MissingProps {
  readonly stage: Extract<Stage, { kind: 'missing' }>;
  readonly state: BlobState;
  readonly desk: BlobDesk;
  readonly level: 1 | 2;
}

/** Nobody has it: who said so, when, and what may help. */
export function Missing({ stage, state, desk, level }: MissingProps) {
  const Heading = `h${level}` as const;
  const { say, formats } = useWords();
  const { network } = useBase();
  const networkName = useNetworkName();
  const { status, atMs } = stage;
  const { object } = state;
  const time = formats.time(atMs);
  return (
    <section className={`card ${c('missing')}`} data-missing="">
      <Heading className={c('wait')} tabIndex={-1}>
        {status === undefined
          ? say('viewer.missingObject', { network: networkName })
          : say('viewer.missing')}
      </Heading>
      {state.blobId !== undefined && (
        <p>
          <BlobId id={state.blobId} isWhole />
        </p>
      )}
      <p>
        {status === undefined
          ? say('viewer.missingObjectWhy', { time })
          : say('viewer.missingWhy', {
              nodes: status.heardNodes,
              heard: formats.count(status.heardWeight),
              all: formats.count(network.shardCount),
              time,
            })}
      </p>
      {object !== undefined && object.endEpoch <= object.epoch && (
        <p>{say('viewer.ended', { date: formats.date(object.endsMs) })}</p>
      )}
      <div className={c('actions')}>
        <Action kind="primary" onPress={() => void desk.open()}>
          {say('viewer.again')}
        </Action>
        <a
          href={`${siteUrl()}open/compare${state.blobId === undefined ? '' : `?id=${state.blobId}`}`}
        >
          {say('viewer.compareInstead')}
        </a>
      </div>
    </section>
  );
}
