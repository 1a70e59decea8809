import { useEffect, useState } from 'react';
import { siteUrl } from './app-base.ts';
import { answersForPaths } from './doors.ts';
import { writeShortLink } from './short-link.ts';

type Form = 'path' | 'hash';

let known: Form | undefined;
let asking: Promise<Form> | undefined;

/** Asks the host, once, what it sends to a stranger who opens a path that is no file. */
function askHost(): Promise<Form> {
  asking ??= answersForPaths(siteUrl()).then((does) => {
    known = does ? 'path' : 'hash';
    return known;
  });
  return asking;
}

/** Writes links that strangers can open; until the host has answered in the form that works everywhere. */
export function useShortLink(): (blobId: string) => string {
  const [form, setForm] = useState<Form>(known ?? 'hash');
  useEffect(() => {
    let isWanted = true;
    void askHost().then((answer) => isWanted && setForm(answer));
    return () => {
      isWanted = false;
    };
  }, []);
  return (blobId) => writeShortLink(siteUrl(), blobId, form);
}
