import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MalformedReason } from '../../../src/protocol/errors.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import {
  checkSliverShape,
  decodeSliver,
  encodedSliverBytes,
  encodeSliver,
  frameSliver,
  type SliverData,
  sliverPrefixBytes,
} from '../../../src/protocol/sliver.ts';
import { expectError } from '../../support/expect-error.ts';
import { referenceSliver } from '../../support/reference.ts';

const slivers: fc.Arbitrary<SliverData> = fc.record({
  data: fc.uint8Array({ maxLength: 20_000, size: 'max' }),
  symbolBytes: fc.integer({ min: 0, max: 65_535 }),
  sliverIndex: fc.integer({ min: 0, max: 65_535 }),
});

describe('sliver codec', () => {
  it('goes there and back, as the reference writes it', () => {
    fc.assert(
      fc.property(slivers, (sliver) => {
        const bytes = encodeSliver(sliver);
        const { data, symbolBytes, sliverIndex } = sliver;
        expect(Buffer.compare(bytes, referenceSliver(data, symbolBytes, sliverIndex))).toBe(0);
        const read = decodeSliver(bytes);
        expect(Buffer.compare(read.data, data)).toBe(0);
        expect([read.symbolBytes, read.sliverIndex]).toEqual([symbolBytes, sliverIndex]);
        expect(bytes).toHaveLength(encodedSliverBytes(data.length));
      }),
    );
  });

  it('reads data as a view', () => {
    const bytes = encodeSliver({ data: new Uint8Array(300), symbolBytes: 2, sliverIndex: 1 });
    expect(decodeSliver(bytes).data.buffer).toBe(bytes.buffer);
  });

  const bytes = encodeSliver({ data: Uint8Array.of(1, 2, 3, 4), symbolBytes: 2, sliverIndex: 1 });
  const cases: [what: string, bytes: number[], reason: MalformedReason][] = [
    ['nothing', [], 'truncated'],
    ['a long form of the length', [0x84, 0, ...bytes.subarray(1)], 'varint'],
    ['a claim of 2^31 - 1 bytes', [0xff, 0xff, 0xff, 0xff, 0x07, 1], 'truncated'],
    ['a claim of 2^31 bytes', [0x80, 0x80, 0x80, 0x80, 0x08, 1], 'varint'],
    ['a length of six bytes', [0x81, 0x80, 0x80, 0x80, 0x80, 0x01], 'varint'],
    ['one byte more', [...bytes, 0], 'trailing-bytes'],
    ['a length one too large', [5, ...bytes.subarray(1)], 'truncated'],
    ['a length one too small', [3, ...bytes.subarray(1)], 'trailing-bytes'],
  ];
  it.each(cases)('refuses %s', (_, malformed, reason) => {
    const input = Uint8Array.from(malformed);
    expectError(() => decodeSliver(input), 'sliver-malformed', { reason });
  });

  it('refuses every shorter version of itself', () => {
    for (let length = 0; length < bytes.length; length++) {
      expectError(() => decodeSliver(bytes.subarray(0, length)), 'sliver-malformed');
    }
  });
});

describe('frameSliver', () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])(
    'frames %d bytes written in place',
    (length) => {
      const into = new Uint8Array(encodedSliverBytes(length));
      into.fill(7, sliverPrefixBytes(length), sliverPrefixBytes(length) + length);
      frameSliver(into, 258, 772);
      const sliver = { data: new Uint8Array(length).fill(7), symbolBytes: 258, sliverIndex: 772 };
      expect(Buffer.compare(into, encodeSliver(sliver))).toBe(0);
    },
  );

  it.each([0, 4, 133])('refuses %d bytes, which no sliver has', (length) => {
    const into = new Uint8Array(length);
    expectError(() => frameSliver(into, 2, 0), 'argument-invalid', { name: 'into' });
  });
});

describe('checkSliverShape', () => {
  const geometry = geometryFor(7, 100); // 3 x 5 symbols of 8 bytes
  const primary = { data: new Uint8Array(40), symbolBytes: 8, sliverIndex: 2 };
  const secondary = { data: new Uint8Array(24), symbolBytes: 8, sliverIndex: 6 };

  it('accepts the slivers of the blob', () => {
    checkSliverShape(geometry, 'primary', primary);
    checkSliverShape(geometry, 'primary', primary, 2);
    checkSliverShape(geometry, 'secondary', secondary, 6);
  });

  it.each([
    ['the other axis', { ...secondary, sliverIndex: 2 }, 'length'],
    ['a symbol more', { ...primary, data: new Uint8Array(48) }, 'length'],
    ['another symbol size', { ...primary, symbolBytes: 6 }, 'symbol-size'],
    ['an index outside the committee', { ...primary, sliverIndex: 7 }, 'index'],
  ] as const)('refuses %s', (_, sliver, reason) => {
    expectError(() => checkSliverShape(geometry, 'primary', sliver), 'sliver-malformed', {
      reason,
    });
  });

  it('refuses a sliver that is not the one asked for', () => {
    const detail = { axis: 'primary', sliverIndex: 3 } as const;
    expectError(() => checkSliverShape(geometry, 'primary', primary, 3), 'sliver-mismatch', detail);
  });
});
