import { expect, it } from 'vitest';
import {
  chooseLanguage,
  directionOf,
  formatLocale,
  isInvented,
  LANGUAGES,
} from '../../../src/presentation/languages.ts';

it('takes the setting first, then what the browser prefers, then English', () => {
  expect(chooseLanguage('ar-XB', ['en-GB'])).toBe('ar-XB');
  expect(chooseLanguage(undefined, ['de-DE', 'en-GB'])).toBe('en');
  expect(chooseLanguage('klingon', ['de-DE'])).toBe('en');
});

it('never gives an invented language unasked', () => {
  expect(isInvented(chooseLanguage(undefined, ['ar-XB', 'en-XA']))).toBe(false);
});

it('formats numbers as the browser does if it speaks the language', () => {
  expect(formatLocale('en', ['de-DE', 'en-GB'])).toBe('en-GB');
  expect(formatLocale('en', ['de-DE'])).toBe('en-US');
});

it('knows where reading starts', () => {
  expect(LANGUAGES.map(directionOf)).toEqual(['ltr', 'ltr', 'rtl']);
});
