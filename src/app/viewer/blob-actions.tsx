import { canPickSaveFile, pickSaveFile } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Download } from '../parts/icons.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { QrAction } from '../uploads/qr-action.tsx';
import { useShortLink } from '../use-short-link.ts';
import { useWords } from '../words.tsx';
import type { BlobDesk } from './blob-desk.ts';
import type { BlobState, Shown } from './blob-state.ts';
import css from './blob-view.module.css';
import { ProgressLine } from './later-parts.ts';
import { nameOf } from './name-of.ts';
import { endingOf } from './shown-as.ts';

const c = classesOf(css);

interface BlobActionsProps {
  readonly desk: BlobDesk;
  readonly state: BlobState;
  readonly shown: Shown;
  /** whether who came wants to have it */
  readonly isWanted: boolean;
}

/** Have it, or give its link to somebody. */
export function BlobActions({ desk, state, shown, isWanted }: BlobActionsProps) {
  const { say } = useWords();
  const blobId = state.blobId ?? '';
  const link = useShortLink()(blobId);
  const name = nameOf(state) ?? `${blobId}.${endingOf(shown.head.type)}`;
  return (
    <>
      <div className={c('actions')}>
        <DownloadAction {...{ desk, shown, name, isWanted }} />
        <CopyButton kind="secondary" text={() => link} done={say('done.linkCopied')}>
          {say('done.copyLink')}
        </CopyButton>
        <QrAction link={link} name={name} />
        <CopyButton kind="quiet" text={() => blobId} done={say('copy.idDone')}>
          {say('row.copyId')}
        </CopyButton>
      </div>
      <Saving state={state} desk={desk} name={name} />
      <p className="hint">
        <BlobId id={blobId} isWhole />
      </p>
    </>
  );
}

interface DownloadProps {
  readonly desk: BlobDesk;
  readonly shown: Shown;
  readonly name: string;
  readonly isWanted: boolean;
}

/** Straight into a file where the browser lets the person choose one, else by the browser's own downloads. */
function DownloadAction({ desk, shown, name, isWanted }: DownloadProps) {
  const { say, formats } = useWords();
  const words = (
    <>
      <Icon of={Download} size={18} />
      {isWanted
        ? say('viewer.downloadSize', { size: formats.bytes(shown.head.bytes) })
        : say('viewer.download')}
    </>
  );
  if (canPickSaveFile()) {
    const save = async () => {
      const to = await pickSaveFile(name);
      if (to !== undefined) await desk.saveTo(to);
    };
    return (
      <Action kind={isWanted ? 'primary' : 'secondary'} onPress={() => void save()}>
        {words}
      </Action>
    );
  }
  const url = desk.downloadUrl(name);
  if (url === undefined) return null;
  return (
    <a
      className={c(isWanted ? 'wanted' : 'link')}
      href={url}
      data-download=""
      {...(url.startsWith('blob:') ? { download: name } : {})}
    >
      {words}
    </a>
  );
}

function Saving({ state, desk, name }: { state: BlobState; desk: BlobDesk; name: string }) {
  const { say, formats } = useWords();
  const { save } = state;
  if (save.kind === 'none') return null;
  if (save.kind === 'done') {
    return <p className={c('fact')}>{say('viewer.saved', { name: save.value })}</p>;
  }
  if (save.kind === 'failed') {
    const again = async () => {
      const to = await pickSaveFile(name);
      if (to !== undefined) await desk.saveTo(to);
    };
    return (
      <TroubleCard
        isInRow
        isReading
        error={save.error}
        action={(label) => <Action onPress={() => void again()}>{label}</Action>}
      />
    );
  }
  const text = formats.percent(save.progress);
  return <ProgressLine label={say('viewer.saving')} share={save.progress} text={text} />;
}
