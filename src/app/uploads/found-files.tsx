import type { OpenJob } from '../../flows/store/types.ts';
import { useWords } from '../words.tsx';

/** What an upload holds that an earlier page has begun. */
export function FoundFiles({ files }: Pick<OpenJob, 'files'>) {
  const { say, formats } = useWords();
  return (
    <p>
      {say('found.files', {
        n: files.length,
        name: files[0]?.name ?? say('error.aFile'),
        size: formats.bytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
      })}
    </p>
  );
}
