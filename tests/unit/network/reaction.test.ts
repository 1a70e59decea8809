import { describe, expect, it } from 'vitest';
import { type Reaction, reactionTo } from '../../../src/network/reaction.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';

const refused = (status: number, reason?: string) =>
  new HauloutError('node-refused', {
    host: 'x',
    status,
    ...(reason === undefined ? {} : { reason }),
  });

describe('reactionTo', () => {
  it.each<[Reaction, HauloutError | Error]>([
    ['await-registration', refused(400, 'NOT_REGISTERED')],
    ['await-registration', refused(400, 'CACHE_SATURATED')],
    ['resend-metadata', refused(400, 'METADATA_NOT_FOUND')],
    ['absent', refused(404, 'METADATA_NOT_FOUND')],
    ['absent', refused(404, 'SLIVER_NOT_FOUND')],
    ['back-off', refused(404)], // somebody else's answer: proves nothing about the blob
    ['check-slivers', refused(400, 'MISSING_SLIVERS')],
    ['refresh-committee', refused(400, 'SHARD_NOT_ASSIGNED')],
    ['bytes-refused', refused(400, 'INVALID_SLIVER')],
    ['bytes-refused', refused(400, 'INVALID_METADATA')],
    ['bytes-refused', refused(400, 'SLIVER_INDEX_MISMATCH')],
    ['bytes-refused', refused(413)],
    ['blob-poisoned', refused(400, 'INVALID_BLOB')],
    ['blocked', refused(451)],
    ['blocked', refused(451, 'FORBIDDEN_BLOB')],
    ['back-off', refused(400)],
    ['back-off', refused(429)],
    ['back-off', refused(500, 'INTERNAL_ERROR')],
    ['back-off', refused(502)],
    ['back-off', refused(503, 'UNAVAILABLE')],
    ['back-off', refused(504)],
    ['back-off', new HauloutError('host-unreachable', { host: 'x' })],
    ['back-off', new HauloutError('host-silent', { host: 'x', seconds: 1 })],
    ['back-off', new HauloutError('answer-unusable', { host: 'x', reason: 'not-json' })],
    ['stop', new HauloutError('aborted', {})],
    ['stop', new HauloutError('file-changed', {})],
    ['stop', new TypeError('a mistake of ours')],
  ])('is %s for %s', (reaction, error) => {
    expect(reactionTo(error)).toBe(reaction);
  });
});
