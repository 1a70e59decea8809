import { expect, it } from 'vitest';
import { calendarEntry, reminderMs } from '../../../src/presentation/reminder.ts';

const endsMs = Date.UTC(2027, 10, 25, 13, 0, 0);
const entry = (title: string, timeZone = 'UTC') =>
  calendarEntry({
    id: 'j1',
    title,
    text: 'T',
    endsMs,
    stamp: '2026-11-26T05:01:02.345Z',
    timeZone,
  });

it('is an entry for the day that lies two weeks before the end', () => {
  expect(reminderMs(endsMs)).toBe(Date.UTC(2027, 10, 11, 13, 0, 0));
  const lines = entry('beach.jpg').split('\r\n');
  expect(lines).toContain('DTSTART;VALUE=DATE:20271111');
  expect(lines.join()).not.toContain('DTEND'); // without it, it lasts the day
  expect(lines).toContain('DTSTAMP:20261126T050102Z');
  expect(lines).toContain('SUMMARY:beach.jpg');
  expect(lines[0]).toBe('BEGIN:VCALENDAR');
  expect(lines.slice(-2)).toEqual(['END:VCALENDAR', '']);
});

it.each([
  ['Pacific/Auckland', '20271112'],
  ['America/Los_Angeles', '20271111'],
])('names the day as it is in %s', (timeZone, day) => {
  expect(entry('beach.jpg', timeZone)).toContain(`DTSTART;VALUE=DATE:${day}\r\n`);
});

it('lets no name end a line or a value', () => {
  const text = entry('a,b;c\\d\r\nEND:VEVENT');
  expect(text).toContain('SUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT\r\n');
  expect(text.match(/^END:VEVENT/gm)).toHaveLength(1);
});

it('folds long lines at 75 bytes, and tears no letter apart', () => {
  const title = 'ü'.repeat(100);
  const text = entry(title);
  for (const line of text.split('\r\n')) {
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  }
  expect(text.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title}`);
});
