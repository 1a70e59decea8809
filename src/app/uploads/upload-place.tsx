import { useEffect } from 'react';
import { Link, useParams } from 'wouter';
import type { JobSnapshot } from '../../flows/store/types.ts';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import { useLostFocus } from '../parts/use-lost-focus.ts';
import { PLACES } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { DoneView } from './done-view.tsx';
import { FoundUpload } from './found-upload.tsx';
import { NodeCard } from './node-card.tsx';
import { isStored } from './upload.ts';
import { UploadFiles } from './upload-files.tsx';
import { UploadHead } from './upload-head.tsx';
import css from './upload-place.module.css';
import { useUploadNews } from './use-upload-news.ts';
import { useUpload, useUploads } from './use-uploads.ts';

const c = classesOf(css);

/** One upload: where it is, what was paid, and in the end its links. */
export function UploadPlace() {
  const { jobId = '' } = useParams();
  const { uploads } = useServices();
  const { say } = useWords();
  const { trouble } = useUploads();
  const upload = useUpload(jobId);
  const isNew = upload === undefined;
  useEffect(() => {
    if (isNew) void uploads.find(jobId);
  }, [isNew, jobId, uploads]);
  const heading = useLostFocus(true);
  const keepFocus = useKeptFocus(); // what was pressed goes away when the upload ends
  const snapshot = upload?.seen?.snapshot ?? upload?.mirror;
  const state = snapshot?.state;
  useUploadNews(snapshot);
  const title = titleOf();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only remembers where focus was
    <div className={c('place')} data-upload={state ?? 'unknown'} onFocus={keepFocus}>
      <h1 key={title} ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {upload?.isStrange && (
        <p>
          {say('upload.elsewhere')} <Link href={PLACES.store}>{say('app.toStart')}</Link>
        </p>
      )}
      {upload === undefined && trouble !== undefined && <TroubleCard error={trouble} />}
      {upload !== undefined && snapshot === undefined && <FoundUpload upload={upload} />}
      {upload?.stored !== undefined && snapshot !== undefined && isStored(snapshot) ? (
        <DoneView stored={upload.stored} snapshot={snapshot} />
      ) : (
        snapshot !== undefined &&
        upload !== undefined && (
          <>
            <UploadHead upload={upload} snapshot={snapshot} />
            {snapshot.nodes !== undefined && isSent(snapshot.state) && !upload.isCancelling && (
              <NodeCard nodes={snapshot.nodes} state={snapshot.state} />
            )}
            <UploadFiles snapshot={snapshot} />
          </>
        )
      )}
    </div>
  );

  function titleOf(): string {
    if (upload?.isStrange) return say('upload.strangeTitle');
    if (upload?.cancelled !== undefined || state === 'cancelled') {
      return say('upload.cancelledTitle');
    }
    return say(isStored(snapshot) ? 'upload.storedTitle' : 'upload.title');
  }
}

/** From here on nodes have something: before, at most what they would forget again. */
function isSent(state: JobSnapshot['state']): boolean {
  return ['uploading', 'certifying', 'awaiting-certify'].includes(state);
}
