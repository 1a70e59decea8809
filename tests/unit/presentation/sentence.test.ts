import english from 'virtual:messages/en';
import { describe, expect, it } from 'vitest';
import { formatsFor } from '../../../src/presentation/format.ts';
import { createSay, type Message } from '../../../src/presentation/messages.ts';
import { diagnosis, errorSentence, readingSentence } from '../../../src/presentation/sentence.ts';
import { ERROR_CODES, HauloutError } from '../../../src/protocol/errors.ts';
import { EXAMPLES } from '../../support/error-examples.ts';

const formats = formatsFor('en-US');
const say = createSay('en-US', english);
const text = ({ key, values }: Message) => say(key, values);

describe('errorSentence', () => {
  it.each(ERROR_CODES)('says for %s what happened, what is safe and what to do', (code) => {
    const error = new HauloutError(code, EXAMPLES[code]);
    const sentence = errorSentence(error, formats, say, 'beach.jpg');
    for (const part of [sentence.happened, sentence.safe, sentence.do]) {
      const words = text(part);
      expect(words.length).toBeGreaterThan(8);
      expect(words).not.toMatch(/undefined|NaN|\{|!|invalid|illegal|failed to|try again later/);
    }
    expect(text(sentence.happened)).toMatch(/\.$/);
    expect(text(sentence.safe)).toMatch(/\.$/);
  });

  it.each([
    ...(['file-gone', 'file-unreadable', 'file-changed', 'store-full', 'engine-crashed'] as const),
    ...(['out-of-memory', 'aborted'] as const),
  ])('never says for %s that nothing was sent once it is paid', (code) => {
    const error = new HauloutError(code, EXAMPLES[code]);
    const before = errorSentence(error, formats, say, 'beach.jpg');
    const after = errorSentence(error, formats, say, 'beach.jpg', true);
    expect(text(before.safe)).not.toMatch(/is paid/);
    expect(text(after.safe)).toBe('It is paid, and what arrived at the nodes stays there.');
    expect(text(after.happened)).toBe(text(before.happened));
    if (code.startsWith('file-')) expect(text(after.do)).toBe('Choose it again');
  });

  it.each([
    undefined,
    ...(['engine-crashed', 'out-of-memory', 'aborted', 'argument-invalid'] as const),
    ...(['chain-unavailable', 'file-unwritable', 'metadata-unavailable'] as const),
  ])('says for %s to who only reads nothing of money, or of a file of theirs', (code) => {
    const error = code === undefined ? new Error('x') : new HauloutError(code, EXAMPLES[code]);
    const { happened, safe, do: next } = readingSentence(error, formats, say);
    const all = [happened, safe, next].map(text).join(' ');
    expect(all).not.toMatch(/paid|pays|untouched|sent\.|[Pp]repare|encoder/);
  });

  it('tells an ID of the wrong length from one with a wrong character', () => {
    const said = (reason: 'length' | 'alphabet', length: number) =>
      text(
        errorSentence(new HauloutError('blob-id-malformed', { reason, length }), formats, say)
          .happened,
      );
    expect(said('length', 20)).toContain('it has 20 instead of 43');
    expect(said('alphabet', 43)).not.toContain('43');
  });

  it.each(ERROR_CODES)('never says for %s that nothing was paid once it is', (code) => {
    const error = new HauloutError(code, EXAMPLES[code]);
    const { safe, do: todo } = errorSentence(error, formats, say, 'beach.jpg', true);
    const denial = /(nothing|no WAL) (was|is|were) (paid|taken|signed)(?! by this step)/i;
    expect(text(safe)).not.toMatch(denial);
    expect(text(todo)).not.toMatch(/^Pay|for the price/);
  });

  it('says that some is paid where of several payments one was declined', () => {
    const error = new HauloutError('wallet-rejected', {});
    const { safe } = errorSentence(error, formats, say, 'beach.jpg', 'part');
    expect(text(safe)).toBe('Some of its files are paid, and stay paid. The others are not.');
  });

  it('names the file and formats sizes', () => {
    const error = new HauloutError('blob-too-large', { bytes: 15e9, limit: 14_599_533_452 });
    expect(text(errorSentence(error, formats, say, 'film.mov').happened)).toBe(
      'film.mov is 15 GB; one blob holds at most 14.6 GB.',
    );
  });

  it('says which file of a batch could not be read, where only the error knows', () => {
    const error = new HauloutError('file-gone', { name: 'seven\u202e.txt' });
    expect(text(errorSentence(error, formats, say).happened)).toMatch(/^seven\ufffd?.*\.txt is no/);
    const argument = new HauloutError('argument-invalid', { name: 'files', reason: 'none given' });
    expect(text(errorSentence(argument, formats, say).happened)).not.toContain('files');
  });

  it('gives sizes to the byte where rounding would make them equal', () => {
    const limit = 14_599_533_452;
    const error = new HauloutError('blob-too-large', { bytes: limit + 1, limit });
    expect(text(errorSentence(error, formats, say, 'film.mov').happened)).toBe(
      'film.mov is 14,599,533,453 bytes; one blob holds at most 14,599,533,452 bytes.',
    );
  });

  it('formats money: what is there rounded down, what is needed rounded up', () => {
    const detail = { haveFrost: '400009999', needFrost: '1120640001', missingFrost: '720630002' };
    const sentence = errorSentence(new HauloutError('wal-short', detail), formats, say);
    expect(text(sentence.happened)).toBe('You have 0.40 WAL; this needs 1.12065 WAL.');
    expect(text(sentence.do)).toBe('Get 0.72064 WAL, or store for a shorter time');
  });

  it('does without sizes that are not known', () => {
    const error = new HauloutError('store-full', {});
    expect(text(errorSentence(error, formats, say, 'a').happened)).toContain(
      'more space than this browser has left',
    );
  });

  it('shows control characters of a name instead of obeying them', () => {
    const error = new HauloutError('file-unreadable', {});
    const words = text(errorSentence(error, formats, say, 'a\u202egpj.exe\n').happened);
    expect(words).not.toMatch(/[\u202e\n]/);
  });

  it('has words for anything else that was thrown', () => {
    expect(text(errorSentence(new TypeError('x'), formats, say).happened)).toContain('unforeseen');
  });
});

describe('diagnosis', () => {
  it('holds code, detail and causes, but no file name', () => {
    const cause = new TypeError('deep');
    const error = new HauloutError(
      'blob-too-large',
      { bytes: 1, limit: 0, name: 'secret.txt' },
      { cause },
    );
    const lines = diagnosis(error, ['context']);
    expect(lines).toContain('context');
    expect(lines).toContain('blob-too-large {"bytes":1,"limit":0}');
    expect(lines).toContain('TypeError: deep');
    expect(lines).not.toContain('secret');
  });
});
