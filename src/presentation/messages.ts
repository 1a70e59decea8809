import {
  type LocalizedString,
  LocalizedStringDictionary,
  LocalizedStringFormatter,
} from '@internationalized/string';
import type english from './messages/en.json';

/** Keys by place and meaning. A key that is not in `en.json` fails the type check. */
export type MessageKey = keyof typeof english;

/** Values of a message, already formatted; numbers only where the message counts with them. */
export type MessageValues = Record<string, string | number>;

/** Gives the sentence of a key in the chosen language. */
export type Say = (key: MessageKey, values?: MessageValues) => string;

/** A sentence that is not yet put into a language. */
export interface Message {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

/**
 * The speaker of one language.
 *
 * @param locale decides on plural forms; a BCP 47 tag
 * @param messages the compiled catalog, one entry per key
 */
export function createSay(locale: string, messages: Record<string, LocalizedString>): Say {
  const dictionary = new LocalizedStringDictionary({ [locale]: messages }, locale);
  const formatter = new LocalizedStringFormatter(locale, dictionary);
  return (key, values) => formatter.format(key, values);
}
