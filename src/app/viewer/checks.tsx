import { useId } from 'react';
import type { AuditedShard, AuditReport } from '../../transfer/read/audit.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useWords } from '../words.tsx';
import type { BlobDesk } from './blob-desk.ts';
import type { BlobState } from './blob-state.ts';
import css from './blob-view.module.css';
import { ProgressLine } from './later-parts.ts';

const c = classesOf(css);

interface ChecksProps {
  readonly desk: BlobDesk;
  readonly state: BlobState;
  readonly bytes: number;
  /** of the headings */
  readonly level: 2 | 3;
}

/** The questions of those who want to know more than that the bytes are right. */
export function Checks(props: ChecksProps) {
  return (
    <section className={`card ${c('checks')}`} data-checks="">
      <Strict {...props} />
      <Audit {...props} />
    </section>
  );
}

function Strict({ desk, state: { strict }, bytes, level }: ChecksProps) {
  const Heading = `h${level}` as const;
  const { say, formats } = useWords();
  const heading = useId();
  return (
    <div className={c('check')} data-strict={strict.kind}>
      <Heading id={heading} tabIndex={-1}>
        {say('viewer.strict')}
      </Heading>
      {strict.kind === 'done' ? (
        <p>{say('viewer.strictDone')}</p>
      ) : (
        <p className="hint">{say('viewer.strictWhy')}</p>
      )}
      {strict.kind === 'working' && (
        <ProgressLine
          label={say('viewer.strict')}
          share={Math.min(1, strict.progress)}
          text={formats.percent(strict.progress)}
        />
      )}
      {strict.kind === 'failed' && (
        <TroubleCard
          isInRow
          isReading
          error={strict.error}
          action={(label) => <Action onPress={() => void desk.checkFully()}>{label}</Action>}
        />
      )}
      {strict.kind === 'none' && (
        <Action onPress={() => void desk.checkFully()} aria-describedby={heading}>
          {say('viewer.strictGo', { size: formats.bytes(bytes) })}
        </Action>
      )}
    </div>
  );
}

function Audit({ desk, state: { audit }, level }: ChecksProps) {
  const Heading = `h${level}` as const;
  const { say } = useWords();
  const heading = useId();
  return (
    <div className={c('check')} data-audit={audit.kind}>
      <Heading id={heading} tabIndex={-1}>
        {say('viewer.audit')}
      </Heading>
      {audit.kind === 'working' && <p className="hint">{say('viewer.auditAsking')}</p>}
      {audit.kind === 'failed' && (
        <TroubleCard
          isInRow
          isReading
          error={audit.error}
          action={(label) => <Action onPress={() => void desk.askShares()}>{label}</Action>}
        />
      )}
      {audit.kind === 'done' && <Answers report={audit.value} atMs={audit.atMs} />}
      {(audit.kind === 'none' || audit.kind === 'done') && (
        <Action onPress={() => void desk.askShares()} aria-describedby={heading}>
          {say(audit.kind === 'none' ? 'viewer.auditGo' : 'viewer.auditAgain')}
        </Action>
      )}
    </div>
  );
}

const OTHERS = ['wrong', 'absent', 'blocked', 'unavailable'] as const;

function Answers({ report, atMs }: { readonly report: AuditReport; readonly atMs: number }) {
  const { say, formats } = useWords();
  const { shards, rightCount, leastShards, neededShards, shardCount } = report;
  const countOf = (outcome: AuditedShard['outcome']) =>
    shards.filter((shard) => shard.outcome === outcome).length;
  return (
    <>
      <p className={rightCount === shards.length ? c('right') : c('fact')} data-right={rightCount}>
        {say('viewer.auditRight', {
          right: formats.count(rightCount),
          asked: formats.count(shards.length),
          time: formats.dateTime(atMs),
        })}
      </p>
      {OTHERS.filter((outcome) => countOf(outcome) > 0).map((outcome) => (
        <p key={outcome}>{say(`viewer.outcome.${outcome}`, { n: countOf(outcome) })}</p>
      ))}
      <p className="hint">
        {say('viewer.auditMeans', {
          least: formats.count(leastShards),
          all: formats.count(shardCount),
          needed: formats.count(neededShards),
        })}
      </p>
    </>
  );
}
