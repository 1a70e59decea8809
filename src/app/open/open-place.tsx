import { useEffect, useRef } from 'react';
import { useParams } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { classesOf } from '../parts/classes.ts';
import { focusOf } from '../routes.ts';
import { BlobView } from '../viewer/blob-view.tsx';
import { useBlobDesk } from '../viewer/use-blob-desk.ts';
import { useWords } from '../words.tsx';
import { OpenField } from './open-field.tsx';
import css from './open-place.module.css';
import { OpenTabs } from './open-tabs.tsx';

const c = classesOf(css);

/** Look something up, and look at it. */
export function OpenPlace() {
  const { say } = useWords();
  const { id } = useParams<{ id?: string }>();
  const heading = useRef<HTMLHeadingElement>(null);
  const state: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(state) === 'heading') heading.current?.focus({ preventScroll: true });
  }, [state]);
  return (
    <div className={c('place')}>
      <OpenTabs />
      <h1 ref={heading} tabIndex={-1}>
        {say('open.title')}
      </h1>
      <OpenField key={`field ${id}`} id={id} />
      {id !== undefined && <Opened key={id} id={id} />}
    </div>
  );
}

const PLAIN = { isStrict: false, isDownload: false };

function Opened({ id }: { readonly id: string }) {
  const desk = useBlobDesk({ id, isStrict: false });
  return <BlobView desk={desk} link={PLAIN} level={2} />;
}
