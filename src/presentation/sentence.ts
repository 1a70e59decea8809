import { type ErrorCode, isHauloutError } from '../protocol/errors.ts';
import type { Formats } from './format.ts';
import type { Message, MessageKey, MessageValues, Say } from './messages.ts';
import { visibleName } from './names.ts';

/** What happened, what is safe, what to do: always in this order. */
export interface ErrorSentence {
  readonly happened: Message;
  readonly safe: Message;
  readonly do: Message;
}

/** Details that hold a number of bytes, and the name their formatted text has in a message. */
const SIZES: Record<string, string> = {
  bytes: 'size',
  limit: 'limit',
  neededBytes: 'need',
  freeBytes: 'free',
};

/** Details that hold FROST or MIST as decimal text. What one has is rounded down, prices up. */
const AMOUNT = /^(\w+)(Frost|Mist)$/;

/** Typed so that a code without its three sentences fails the type check. */
function keyFor<P extends 'happened' | 'safe' | 'do'>(code: ErrorCode, part: P): MessageKey {
  return `error.${code}.${part}` satisfies MessageKey;
}

/** Codes of preparing, whose sentences say that nothing was sent: once it is paid, that is another truth. */
const OF_PREPARING: readonly ErrorCode[] = [
  ...(['file-gone', 'file-unreadable', 'file-changed', 'store-full'] as const),
  ...(['engine-crashed', 'out-of-memory', 'aborted'] as const),
];
/** Codes of a step with a wallet, whose sentences say that nothing was paid: not so where that came before. */
const OF_PAYING: readonly ErrorCode[] = [
  ...(['wallet-missing', 'wallet-rejected', 'wallet-popup-blocked', 'wallet-silent'] as const),
  ...(['wallet-unsupported', 'network-mismatch', 'contract-unknown'] as const),
  ...(['transaction-altered', 'transaction-refused', 'store-unavailable'] as const),
  ...(['wal-short', 'sui-short', 'coins-fragmented', 'capacity-full'] as const),
];
/** What may be done about them is the same as before, but for these: there is nothing to pay. */
const OF_PRICE: readonly ErrorCode[] = ['wallet-rejected', 'transaction-refused'];
/** Then only the same bytes are of use. */
const OF_FILE: readonly ErrorCode[] = ['file-gone', 'file-unreadable', 'file-changed'];

/**
 * Puts an error into words.
 *
 * @param error anything that was thrown
 * @param name the file it is about, if any
 * @param isPaid whether the file was paid for; 'part': of several payments some were made
 */
export function errorSentence(
  error: unknown,
  formats: Formats,
  say: Say,
  name?: string,
  isPaid: boolean | 'part' = false,
): ErrorSentence {
  const sentence = sentenceOf(error, formats, say, name);
  if (!isPaid) return sentence;
  const code = isHauloutError(error) ? error.code : undefined;
  const paid: MessageKey = isPaid === 'part' ? 'error.partlyPaid' : 'error.source-missing.safe';
  return {
    ...sentence,
    ...(code === undefined || OF_PREPARING.includes(code) || OF_PAYING.includes(code)
      ? { safe: { key: paid } }
      : {}),
    ...(code === undefined || code === 'engine-crashed' || OF_PRICE.includes(code)
      ? { do: { key: 'upload.resume' } }
      : {}),
    ...(code !== undefined && OF_FILE.includes(code)
      ? { do: { key: 'error.source-missing.do' } }
      : {}),
  };
}

/** Codes whose sentences speak of a file that is prepared, or of money; most of them no read ever ends with. */
const NOT_OF_READING =
  /^(?:wal|sui-|coins-|price-|capacity-|transaction-|relay-|certificate-|outcome-|upload-|quorum-|not-final-|source-|file-(?!unwritable)|engine-crashed|out-of-|aborted|argument-|chain-)/;

/** Puts an error into words for who only reads: nothing of theirs is prepared, sent or paid. */
export function readingSentence(error: unknown, formats: Formats, say: Say): ErrorSentence {
  const code = isHauloutError(error) ? error.code : undefined;
  const sentence = sentenceOf(error, formats, say, undefined);
  if (code !== undefined && !NOT_OF_READING.test(code)) return sentence;
  return {
    happened: code === 'chain-unavailable' ? sentence.happened : { key: 'error.unknown.happened' },
    safe: { key: 'gateway.safe' },
    do: { key: 'viewer.again' },
  };
}

/** The file that could not be read, where the error itself knows. */
function fileIn(error: unknown): string | undefined {
  if (!isHauloutError(error) || !OF_FILE.includes(error.code)) return undefined;
  return 'name' in error.detail ? error.detail.name : undefined;
}

function sentenceOf(
  error: unknown,
  formats: Formats,
  say: Say,
  name: string | undefined,
): ErrorSentence {
  const known = name ?? fileIn(error); // of a batch, which of its files
  const subject = known === undefined ? say('error.aFile') : visibleName(known);
  if (!isHauloutError(error)) {
    return {
      happened: { key: 'error.unknown.happened' },
      safe: { key: 'error.unknown.safe' },
      do: { key: 'error.unknown.do' },
    };
  }
  const values = { ...formatDetail(error.detail, formats), name: subject };
  const message = (key: MessageKey): Message => ({ key, values });
  const sizesUnknown = error.code === 'store-full' && !('need' in values && 'free' in values);
  return {
    happened: message(
      sizesUnknown ? 'error.store-full.happenedPlain' : keyFor(error.code, 'happened'),
    ),
    safe: message(keyFor(error.code, 'safe')),
    do: message(keyFor(error.code, 'do')),
  };
}

function formatDetail(detail: object, formats: Formats): MessageValues {
  const values: MessageValues = {};
  for (const [field, value] of Object.entries(detail)) {
    const size = SIZES[field];
    if (size !== undefined && typeof value === 'number') values[size] = formats.bytes(value);
    else if (typeof value === 'number') values[field] = formats.count(value);
    else if (typeof value === 'string' && AMOUNT.test(field)) {
      const name = field.replace(AMOUNT, '$1');
      values[name] = formats.amount(BigInt(value), name === 'have' ? 'down' : 'up');
    } else if (typeof value === 'string') values[field] = value;
  }
  return { ...values, ...tellApart(detail, values, formats) };
}

/** Two sizes that would read the same, to the byte. */
function tellApart(detail: object, values: MessageValues, formats: Formats): MessageValues {
  const sizes = Object.entries(detail).filter(([field]) => field in SIZES);
  const texts = new Set(sizes.map(([field]) => values[SIZES[field] ?? '']));
  if (texts.size === sizes.length) return {};
  return Object.fromEntries(
    sizes.map(([field, value]) => [SIZES[field], formats.exactBytes(value)]),
  );
}

/**
 * Technical text for a report: code and plain detail, without file names.
 *
 * @param context lines such as version and browser
 */
export function diagnosis(error: unknown, context: readonly string[]): string {
  const lines = [...context];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth++) {
    if (isHauloutError(at)) {
      const { name: _hidden, ...detail } = at.detail as Record<string, unknown>;
      lines.push(`${at.code} ${JSON.stringify(detail)}`);
    } else {
      lines.push(`${at.name}: ${at.message}`);
    }
    at = at.cause;
  }
  return lines.join('\n');
}
