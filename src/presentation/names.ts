import { lettersOf } from './format.ts';

/**
 * File names are foreign text: they may carry line breaks, direction overrides or other characters
 * that act instead of being seen. This makes those visible.
 *
 * @param name any text
 * @returns the text with a symbol in place of each control character, and of blanks where there is nothing else; joiners stay where writing needs
 *   them: inside of emoji, and between letters of scripts that join
 */
export function visibleName(name: string): string {
  if (name.trim() === '') return name.replaceAll(/\s/g, '\u2423'); // nothing but blanks is nothing to see
  return name.replaceAll(
    // C0 and C1 controls, bidirectional controls, zero-width characters and line separators
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character, at: number) => {
      if (joins(name, character, at)) return character;
      const code = character.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return code === 0x7f ? '\u2421' : '\ufffd';
    },
  );
}

const JOINERS = '\u200c\u200d';
const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;
const JOINING =
  '\\p{Script=Arab}\\p{Script=Syrc}\\p{Script=Mong}\\p{Script=Deva}\\p{Script=Beng}\\p{Script=Guru}' +
  '\\p{Script=Gujr}\\p{Script=Orya}\\p{Script=Taml}\\p{Script=Telu}\\p{Script=Knda}\\p{Script=Mlym}' +
  '\\p{Script=Sinh}\\p{Script=Khmr}\\p{Script=Mymr}';
const LETTER_BEFORE = new RegExp(`[${JOINING}]$`, 'u');
const LETTER_AFTER = new RegExp(`^[${JOINING}]`, 'u');

/** Whether a zero-width joiner or non-joiner is part of the writing around it. */
function joins(name: string, character: string, at: number): boolean {
  if (!JOINERS.includes(character)) return false;
  const before = name.slice(Math.max(0, at - 2), at);
  const after = name.slice(at + 1, at + 3);
  if (LETTER_BEFORE.test(before) && LETTER_AFTER.test(after)) return true;
  return character === '\u200d' && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after);
}

const TAIL = 10;

/**
 * Splits a name so that its end can stay in view when the rest is clipped. What is written as one (a
 * family of emoji, letters that join) is not torn apart.
 *
 * @returns the part to clip, and the last characters with the extension
 */
export function splitName(name: string): { head: string; tail: string } {
  const letters = lettersOf(visibleName(name));
  if (letters.length <= TAIL) return { head: letters.join(''), tail: '' };
  let at = letters.length - TAIL;
  while (LETTER_BEFORE.test(letters[at - 1] ?? '') && LETTER_AFTER.test(letters[at] ?? '')) at++;
  return { head: letters.slice(0, at).join(''), tail: letters.slice(at).join('') };
}

/** First six and last four characters of a blob ID. */
export function shortBlobId(blobId: string): string {
  return `${blobId.slice(0, 6)}…${blobId.slice(-4)}`;
}

/** `0x` with the first and last four digits of an address. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
