import { Link } from 'wouter';
import type { StoredFile } from '../../flows/store/types.ts';
import { shortAddress } from '../../presentation/names.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { saveFile } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { ExternalLink, ReceiptText } from '../parts/icons.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { uploadPlace } from '../routes.ts';
import { useServices } from '../services.ts';
import { useShortLink } from '../use-short-link.ts';
import { useWords } from '../words.tsx';
import css from './done-view.module.css';
import { aggregatorUrl } from './links.ts';
import { QrAction } from './qr-action.tsx';

const c = classesOf(css);

interface DoneFileProps {
  readonly file: StoredFile;
  /** of several files the one thing to press is to copy all links */
  readonly isOnly: boolean;
}

/** One stored file: its link, its IDs and its receipt. */
export function DoneFile({ file, isOnly }: DoneFileProps) {
  const { say } = useWords();
  const { network } = useServices();
  const { name, blobId, blobObjectId, receipt, error } = file;
  const link = useShortLink()(blobId);
  const elsewhere = aggregatorUrl(network, blobId);
  return (
    <li className="card" data-stored={blobId}>
      {name !== undefined && <FileName name={name} />}
      <p>
        <BlobId id={blobId} />
      </p>
      {isHauloutError(error, 'upload-elsewhere') ? (
        <p>
          {say('done.unfinished')}{' '}
          <Link href={uploadPlace(error.detail.jobId)}>{say('done.seeUpload')}</Link>
        </p>
      ) : error !== undefined ? (
        <TroubleCard isInRow error={error} />
      ) : (
        <div className={c('actions')}>
          <CopyButton
            kind={isOnly ? 'primary' : 'secondary'}
            text={() => link}
            done={say('done.linkCopied')}
          >
            {say('done.copyLink')}
          </CopyButton>
          <a className={c('open')} href={link} target="_blank" rel="noreferrer" data-short-link="">
            <Icon of={ExternalLink} size={18} />
            {say('done.open')}
          </a>
          <QrAction link={link} name={name ?? blobId} />
          <CopyButton kind="quiet" text={() => blobId} done={say('copy.idDone')}>
            {say('row.copyId')}
          </CopyButton>
          {receipt !== undefined && (
            <Action
              kind="quiet"
              onPress={() => saveFile(`${blobId}.receipt.json`, 'application/json', receipt)}
            >
              <Icon of={ReceiptText} size={18} />
              {say('done.receipt')}
            </Action>
          )}
        </div>
      )}
      {error === undefined && (
        <p className={c('object')}>
          {say('done.aggregator')}{' '}
          <a href={elsewhere} target="_blank" rel="noreferrer" data-aggregator-link="">
            {say('done.aggregatorOpen')}
          </a>
          <CopyButton
            label={say('done.copyAggregator', { name: name ?? blobId })}
            text={() => elsewhere}
            done={say('done.linkCopied')}
          />
        </p>
      )}
      {blobObjectId !== undefined && (
        <p className={c('object')}>
          {say('done.object')}{' '}
          <bdi dir="ltr" translate="no" title={blobObjectId}>
            {shortAddress(blobObjectId)}
          </bdi>
          <CopyButton
            label={say('done.copyObject', { name: name ?? blobId })}
            text={() => blobObjectId}
            done={say('done.objectCopied')}
          />
        </p>
      )}
    </li>
  );
}
