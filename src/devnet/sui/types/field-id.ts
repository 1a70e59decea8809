import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Memory } from '../../../protocol/memory.ts';
import type { Address } from '../move/native.ts';

const ids = new Memory<Address>(4096);

/**
 * The ID of a dynamic field. Every transaction looks for the same few.
 *
 * @param type of the name, as text
 * @param name in BCS
 */
export const dynamicFieldId = (parent: Address, type: string, name: Uint8Array): Address =>
  ids.get(`${parent} ${type} ${bytesToHex(name)}`, () => deriveDynamicFieldID(parent, type, name));
