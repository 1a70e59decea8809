/** The one home of `Intl`. All texts of numbers, sizes and times are made here. */
export interface Formats {
  readonly locale: string;
  /** 3 significant digits in decimal units: `48.2 MB` */
  bytes(bytes: number): string;
  /** every byte: `48,213,004 bytes` */
  exactBytes(bytes: number): string;
  /** whole number with grouping: `1,000` */
  count(count: number): string;
  /** 0 to 1 as whole percent, rounded down so that 100 % means all */
  percent(fraction: number): string;
  speed(bytesPerSecond: number): string;
  /** at most two units: `1 min, 15 sec` */
  duration(seconds: number): string;
  /** `a, b, and c` */
  list(items: readonly string[]): string;
  date(wallMs: number): string;
  dateTime(wallMs: number): string;
  /** hours and minutes, and seconds */
  time(wallMs: number): string;
  /**
   * Money in whole tokens, at least 2 decimals and at most 5, more only where it would show 0.
   *
   * @param smallest units of 10^-9: FROST or MIST
   * @param rounding prices go up, balances down
   */
  amount(smallest: bigint, rounding: 'up' | 'down'): string;
  /** the same to the last digit */
  exactAmount(smallest: bigint): string;
  /** a language's name in this language */
  languageName(language: string): string;
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const cache = new Map<string, Formats>();

/**
 * Formats for one locale, made once.
 *
 * @param locale BCP 47 tag
 */
export function formatsFor(locale: string): Formats {
  const known = cache.get(locale);
  if (known !== undefined) return known;
  const formats = createFormats(locale);
  cache.set(locale, formats);
  return formats;
}

function createFormats(locale: string): Formats {
  const unit = (name: string, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', ...options });
  const sizes = BYTE_UNITS.map((name) =>
    unit(name, {
      maximumSignificantDigits: 3,
      unitDisplay: name === 'byte' ? 'long' : 'short',
    }),
  );
  const exact = unit('byte', { unitDisplay: 'long' });
  const speeds = BYTE_UNITS.map((name) =>
    unit(`${name}-per-second`, { maximumSignificantDigits: 2 }),
  );
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const tenths = unit('second', { maximumFractionDigits: 1 });
  const [seconds, minutes, hours] = (['second', 'minute', 'hour'] as const).map((n) => unit(n));
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
  const all = new Intl.ListFormat(locale, { type: 'conjunction' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const money = (digits: number, roundingMode: 'ceil' | 'floor') =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: digits,
      roundingMode,
    });
  const amounts = {
    plain: { ceil: money(5, 'ceil'), floor: money(5, 'floor') },
    fine: { ceil: money(9, 'ceil'), floor: money(9, 'floor') },
  };
  const names = new Intl.DisplayNames(locale, { type: 'language' });

  return {
    locale,
    bytes: (bytes) => inLargestUnit(sizes, bytes, 999.5),
    exactBytes: (bytes) => exact.format(bytes),
    count: (value) => count.format(value),
    percent: (fraction) => percent.format(Math.floor(clamp(fraction) * 100) / 100),
    speed: (bytesPerSecond) => inLargestUnit(speeds, bytesPerSecond, 995),
    duration(total) {
      if (total < 10 && !Number.isInteger(total)) return tenths.format(total);
      const whole = Math.round(total);
      const parts = [
        whole >= 3600 ? hours?.format(Math.floor(whole / 3600)) : undefined,
        whole >= 60 && whole % 3600 >= 60
          ? minutes?.format(Math.floor((whole % 3600) / 60))
          : undefined,
        whole < 60 || (whole < 3600 && whole % 60 > 0) ? seconds?.format(whole % 60) : undefined,
      ];
      return list.format(parts.filter((part) => part !== undefined));
    },
    list: (items) => all.format(items),
    date: (wallMs) => date.format(wallMs),
    time: (wallMs) => time.format(wallMs),
    dateTime: (wallMs) => dateTime.format(wallMs),
    amount(smallest, rounding) {
      const fine = smallest !== 0n && smallest > -10_000n && smallest < 10_000n;
      const roundingMode = rounding === 'up' ? 'ceil' : 'floor';
      const format = amounts[fine ? 'fine' : 'plain'][roundingMode];
      return format.format(inTokens(smallest) as `${number}`);
    },
    exactAmount: (smallest) => amounts.fine.ceil.format(inTokens(smallest) as `${number}`),
    languageName: (language) => names.of(language) ?? language,
  };
}

/** Picks the unit so that rounding never gives a thousand of the smaller one. */
function inLargestUnit(
  units: readonly Intl.NumberFormat[],
  value: number,
  threshold: number,
): string {
  let at = 0;
  let scaled = value;
  while (scaled >= threshold && at < units.length - 1) {
    scaled /= 1000;
    at++;
  }
  return units[at]?.format(scaled) ?? '';
}

/** As a decimal text, so that no digit is lost. */
function inTokens(smallest: bigint): string {
  const digits = (smallest < 0n ? -smallest : smallest).toString().padStart(10, '0');
  return `${smallest < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

function clamp(fraction: number): number {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}

/**
 * A day as calendars exchange it: `20271111`.
 *
 * @param timeZone IANA name; that of the device if absent
 */
export function calendarDay(wallMs: number, timeZone?: string): string {
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const format = new Intl.DateTimeFormat('en-CA', { ...day, ...(timeZone && { timeZone }) });
  return format.format(wallMs).replaceAll('-', '');
}

const LETTERS = new Intl.Segmenter();

/** What a reader takes for single letters: a family of emoji is one. */
export function lettersOf(text: string): readonly string[] {
  return Array.from(LETTERS.segment(text), ({ segment }) => segment);
}
