import { type Fields, isFraction, isNumber, isText, oneOf } from './read-rules.ts';

/** Milliseconds, or a range out of which they are drawn. */
export type Span = number | readonly [min: number, max: number];

/** What can go wrong with any server, whatever it serves. */
export type CommonAction =
  /** the port is closed if this is about all requests; otherwise those it is about meet no server */
  | { readonly type: 'refuse' }
  /** connections are taken and never answered */
  | { readonly type: 'blackhole' }
  /** the connection ends after a part of the answer's body */
  | { readonly type: 'drop'; readonly fraction?: number; readonly how?: 'fin' | 'rst' }
  /** valid HTTP with a shorter body */
  | { readonly type: 'truncate'; readonly fraction?: number }
  /** the server dies and comes back after `ms` */
  | { readonly type: 'restart'; readonly ms?: number }
  /** the request, or the answer, waits until it is released by name */
  | { readonly type: 'hold'; readonly name: string; readonly what?: 'request' | 'answer' };

/** The settings of each of them in JSON. */
export const COMMON_FIELDS: Readonly<Record<CommonAction['type'], Fields>> = {
  refuse: {},
  blackhole: {},
  drop: { fraction: isFraction, how: oneOf('fin', 'rst') },
  truncate: { fraction: isFraction },
  restart: { ms: isNumber },
  hold: { 'name!': isText, what: oneOf('request', 'answer') },
};
