import { calendarDay } from './format.ts';

/** so long before the end one is reminded */
const AHEAD_MS = 14 * 86_400_000;

export interface Reminder {
  /** unique among all entries of a calendar */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** wall time in ms at which the storage ends */
  readonly endsMs: number;
  /** now, as `2026-11-25T14:05:00.000Z` */
  readonly stamp: string;
  /** IANA name; that of the device if absent */
  readonly timeZone?: string;
}

/** Wall time in ms of the day of the reminder. */
export function reminderMs(endsMs: number): number {
  return endsMs - AHEAD_MS;
}

/** An entry for a whole day, where the person is, as iCalendar (RFC 5545) that every calendar reads. */
export function calendarEntry({ id, title, text, endsMs, stamp, timeZone }: Reminder): string {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Haulout//Haulout//EN', 'BEGIN:VEVENT'],
    `UID:${id}@haulout`,
    `DTSTAMP:${stamp.replace(/\.\d+|[-:]/g, '')}`,
    `DTSTART;VALUE=DATE:${calendarDay(reminderMs(endsMs), timeZone)}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(text)}`,
    ...['TRANSP:TRANSPARENT', 'END:VEVENT', 'END:VCALENDAR', ''],
  ];
  return lines.map(folded).join('\r\n');
}

/** Names of files may hold what would end the line or the value. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|[\r\n]/g, '\\n');
}

const LONGEST = 75;

/** No line has more than 75 bytes; what follows a line break and a space belongs to it. */
function folded(line: string): string {
  const parts: string[] = [''];
  let bytes = 0;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (bytes + size > LONGEST) {
      parts.push('');
      bytes = 1; // the space
    }
    parts[parts.length - 1] += character;
    bytes += size;
  }
  return parts.join('\r\n ');
}
