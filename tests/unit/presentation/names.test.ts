import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortBlobId, splitName, toHex, visibleName } from '../../../src/presentation/names.ts';

describe('visibleName', () => {
  it('shows what would act: line breaks, direction overrides, invisible letters', () => {
    expect(visibleName('a\nb')).toBe('a\u240ab');
    expect(visibleName('photo\u202egnp.exe')).toBe('photo\ufffdgnp.exe');
    expect(visibleName('a\u200bb\u2066c\u007f')).toBe('a\ufffdb\ufffdc\u2421');
    expect(visibleName('  ')).toBe('\u2423\u2423'); // else there would be nothing
  });

  it('keeps joiners that belong to the writing, and shows all others', () => {
    for (const name of [
      'می\u200cخواهم.txt',
      '👨\u200d👩🏽\u200d👧 at sea.jpg',
      '🏳\ufe0f\u200d🌈.png',
      'क्\u200dष.txt',
    ]) {
      expect(visibleName(name)).toBe(name);
    }
    expect(visibleName('pay\u200dpal\u200c.txt')).toBe('pay\ufffdpal\ufffd.txt');
    expect(visibleName('👨\u200c👩 \u200dم')).toBe('👨\ufffd👩 \ufffdم');
    expect(visibleName('م\u200c\u200cم')).toBe('م\ufffd\ufffdم');
  });

  it('leaves other scripts and markup as they are', () => {
    for (const name of ['شاطئ.jpg', '写真.png', '<b>x</b>.txt', 'a b.txt']) {
      expect(visibleName(name)).toBe(name);
    }
  });
});

describe('splitName', () => {
  it('keeps the end of a long name', () => {
    const { head, tail } = splitName(`${'a'.repeat(200)}-final.jpeg`);
    expect(tail).toBe('final.jpeg');
    expect(head).toHaveLength(201);
    expect(splitName('everything.tar').tail).toBe('ything.tar'); // large text leaves little room
    expect(splitName('short.txt')).toEqual({ head: 'short.txt', tail: '' });
  });

  it('tears nothing apart that is written as one', () => {
    const family = '👨\u200d👩\u200d👧';
    expect(splitName(`our whole ${family}, 2024.jpg`).tail).toBe(', 2024.jpg');
    expect(splitName(`our whole ${family}2024.jpeg`).tail).toBe(`${family}2024.jpeg`);
    expect(splitName('صورة من الرحلة الأخيرة.jpg').tail).toBe('.jpg');
    expect(splitName('رحلة إلى البحر 2024.jpg').tail).toBe(' 2024.jpg');
  });

  it('loses no letter, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const { head, tail } = splitName(name);
        expect(head + tail).toBe(visibleName(name));
      }),
    );
  });
});

it('shortens an ID to its ends', () => {
  expect(shortBlobId('Wf3k9Q_____________________________________u2Xa')).toBe('Wf3k9Q…u2Xa');
});

it('writes bytes as hexadecimal', () => {
  expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
});
