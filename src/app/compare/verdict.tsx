import { useEffect, useRef } from 'react';
import type { CompareView } from '../../flows/compare-flow.ts';
import { visibleName } from '../../presentation/names.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { ShieldCheck, ShieldX } from '../parts/icons.ts';
import { useWords } from '../words.tsx';
import css from './compare-place.module.css';

const c = classesOf(css);

/** Yes or no, why, and what the check cannot show. */
export function Verdict({ view }: { view: CompareView }) {
  const { say, formats } = useWords();
  const { pasted, compared, isSame } = view;
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the answer may lie below the screen.
    if (isSame !== undefined) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isSame]);
  if (isSame === undefined || pasted.kind !== 'id' || compared.kind !== 'done') {
    return <Missing view={view} />;
  }
  const name = visibleName(compared.file.name);
  return (
    <section
      ref={section}
      className={`card ${c('verdict')} ${c(isSame ? 'match' : 'mismatch')}`}
      data-verdict={isSame ? 'match' : 'mismatch'}
    >
      <h2 className={c('answer')}>
        <Icon of={isSame ? ShieldCheck : ShieldX} size={28} />
        {say(isSame ? 'verify.match' : 'verify.mismatch')}
      </h2>
      <p>
        {isSame
          ? say('verify.matchWhy', { name, size: formats.bytes(compared.file.size) })
          : say('verify.mismatchWhy', { name })}
      </p>
      <dl className={c('ids')}>
        <div>
          <dt>{say('verify.expected')}</dt>
          <dd>
            <BlobId id={pasted.blobId} isWhole />
          </dd>
        </div>
        <div>
          <dt>{say('verify.actual')}</dt>
          <dd data-actual-id={compared.summary.blobId}>
            <BlobId id={compared.summary.blobId} isWhole />
          </dd>
        </div>
      </dl>
      <p className="hint">
        {say('verify.shards', { n: formats.count(compared.summary.shardCount) })}{' '}
        {say('verify.limits')}
      </p>
    </section>
  );
}

/** What is still needed for an answer. */
function Missing({ view }: { view: CompareView }) {
  const { say } = useWords();
  const { pasted, compared } = view;
  if (compared.kind === 'done' && pasted.kind === 'none') {
    return (
      <section className={`card ${c('verdict')}`}>
        <p>{say('verify.needsId')}</p>
        <dl className={c('ids')}>
          <div>
            <dt>{say('verify.actual')}</dt>
            <dd data-actual-id={compared.summary.blobId}>
              <BlobId id={compared.summary.blobId} isWhole />
            </dd>
          </div>
        </dl>
      </section>
    );
  }
  if (pasted.kind === 'id' && compared.kind === 'none') {
    return <p className={c('next')}>{say('verify.needsFile')}</p>;
  }
  return null;
}
