import { ByteReader } from '../../protocol/byte-reader.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { HASH_BYTES, RS2_ENCODING } from '../../protocol/metadata.ts';
import { decodeSliver, type SliverData } from '../../protocol/sliver.ts';
import { NodeError } from './errors.ts';

const ENCODINGS = 2; // RedStuff over RaptorQ, which is retired, and RS2

/**
 * Tells whether bytes are BCS BlobMetadata at all, of whatever content: the order of a node's checks makes a
 * difference between bytes that cannot be read and metadata that is wrong.
 *
 * @returns the encoding type
 * @throws NodeError INVALID_CONTENT_TYPE
 */
export function readMetadataShape(bytes: Uint8Array): { encodingSupported: boolean } {
  return orContentType(() => {
    const reader = new ByteReader(bytes, 'metadata-malformed');
    if (reader.uleb() !== 0) reader.fail('tag');
    const encoding = reader.uleb();
    if (encoding >= ENCODINGS) reader.fail('tag');
    reader.take(8);
    for (let left = reader.uleb() * 2; left > 0; left--) {
      const tag = reader.uleb();
      if (tag > 1) reader.fail('tag');
      if (tag === 1) reader.take(HASH_BYTES);
    }
    reader.end();
    return { encodingSupported: encoding === RS2_ENCODING };
  });
}

/**
 * Reads BCS SliverData as a node's framework does.
 *
 * @throws NodeError INVALID_CONTENT_TYPE
 */
export function readSliver(bytes: Uint8Array): SliverData {
  return orContentType(() => {
    const sliver = decodeSliver(bytes);
    const { data, symbolBytes } = sliver;
    if (symbolBytes === 0 || data.length % symbolBytes !== 0) {
      throw new NodeError('INVALID_CONTENT_TYPE', 'no whole number of symbols');
    }
    return sliver;
  });
}

function orContentType<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isHauloutError(error)) throw new NodeError('INVALID_CONTENT_TYPE', error.message);
    throw error;
  }
}
