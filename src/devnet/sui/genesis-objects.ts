import type { BcsType } from '@mysten/bcs';
import { bcs } from '@mysten/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { Address as AddressLayout, Field } from '../../chain/layouts/base.ts';
import { fieldType, ID_TYPE, wrapperType } from './execute/dynamic-fields.ts';
import type { Address, GenesisObject, Owner, TypeTag } from './move/native.ts';
import { formatType } from './types/type-tag.ts';

const MAX_BYTES = 1 << 20;

/** A type and its layout, for what is put into dynamic fields. */
export interface Typed<T> {
  readonly type: TypeTag;
  // biome-ignore lint/suspicious/noExplicitAny: what a layout takes may be wider than what it gives
  readonly layout: BcsType<T, any>;
}

/** Collects the objects that are there from the start. */
export class GenesisObjects {
  readonly list: GenesisObject[] = [];

  add<T extends { id: Address }>({ type, layout }: Typed<T>, value: T, owner: Owner): void {
    const contents = layout.serialize(value, { maxSize: MAX_BYTES }).toBytes();
    this.list.push({ id: value.id, type, owner, contents });
  }

  /** A dynamic field with a plain value. @returns the id of the field */
  field<N, V>(parent: Address, name: Typed<N>, key: N, value: Typed<V>, content: V): Address {
    const bytes = name.layout.serialize(key).toBytes();
    const id = deriveDynamicFieldID(parent, formatType(name.type), bytes);
    const layout = Field(name.layout, value.layout);
    const typed = { type: fieldType(name.type, value.type), layout };
    this.add(
      typed as Typed<{ id: Address }>,
      { id, name: key, value: content } as { id: Address },
      {
        kind: 'object',
        parent,
      },
    );
    return id;
  }

  /** A dynamic field that holds an object. */
  objectField<N, V extends { id: Address }>(
    parent: Address,
    name: Typed<N>,
    key: N,
    value: Typed<V>,
    object: V,
  ): void {
    const layout = bcs.struct('Wrapper', { name: name.layout });
    const wrapper = { type: wrapperType(name.type), layout } as Typed<{ name: N }>;
    const id = { type: ID_TYPE, layout: AddressLayout };
    const field = this.field(parent, wrapper, { name: key }, id, object.id);
    this.add(value, object, { kind: 'object', parent: field });
  }
}
