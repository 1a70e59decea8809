import {
  type Address,
  type DynamicFields,
  SUI_FRAMEWORK,
  struct,
  type TypeTag,
} from '../move/native.ts';
import { dynamicFieldId } from '../types/field-id.ts';
import { formatType } from '../types/type-tag.ts';
import type { LiveObject, Session } from './session.ts';

const MODULE = '0x2::dynamic_field';
const ALREADY_EXISTS = 0;
const DOES_NOT_EXIST = 1;
const TYPE_MISMATCH = 2;

export const ID_TYPE: TypeTag = struct(SUI_FRAMEWORK, 'object', 'ID');

export const fieldType = (name: TypeTag, value: TypeTag): TypeTag =>
  struct(SUI_FRAMEWORK, 'dynamic_field', 'Field', name, value);
export const wrapperType = (name: TypeTag): TypeTag =>
  struct(SUI_FRAMEWORK, 'dynamic_object_field', 'Wrapper', name);

/** `dynamic_field`: the value lies inside the field object. */
export function childValues(session: Session): DynamicFields {
  const idOf = (parent: Address, nameType: TypeTag, name: unknown): Address => {
    const bytes = session.registry.layout(nameType).serialize(name).toBytes();
    return dynamicFieldId(parent, formatType(nameType), bytes);
  };

  const find = (parent: Address, nameType: TypeTag, name: unknown): LiveObject | undefined => {
    const field = session.find(idOf(parent, nameType, name));
    return field?.owner?.kind === 'object' && field.owner.parent === parent ? field : undefined;
  };

  const need = (parent: Address, nameType: TypeTag, name: unknown, type: TypeTag): LiveObject => {
    const field = find(parent, nameType, name);
    if (!field) return session.abort(MODULE, DOES_NOT_EXIST, 'borrow_child_object');
    if (formatType(field.type) !== formatType(fieldType(nameType, type))) {
      return session.abort(MODULE, TYPE_MISMATCH, 'borrow_child_object');
    }
    return field;
  };

  return {
    has: (parent, nameType, name) => find(parent, nameType, name) !== undefined,
    borrow: (parent, nameType, name, type) => need(parent, nameType, name, type).value.value,
    borrowMut: (parent, nameType, name, type) => {
      const field = need(parent, nameType, name, type);
      field.dirty = true;
      return field.value.value;
    },
    add: (parent, nameType, name, type, value) => {
      if (find(parent, nameType, name)) session.abort(MODULE, ALREADY_EXISTS, 'add');
      const id = idOf(parent, nameType, name);
      if (!session.deleted.delete(id)) session.created.add(id);
      const field = session.live.get(id);
      // The same name with another type of value is another object, of the same id.
      if (field && formatType(field.type) !== formatType(fieldType(nameType, type))) {
        session.live.set(id, { ...field, type: fieldType(nameType, type) });
      }
      session.place(fieldType(nameType, type), { id, name, value } as { id: Address }, {
        kind: 'object',
        parent,
      });
    },
    remove: (parent, nameType, name, type) => {
      const field = need(parent, nameType, name, type);
      session.deleteId(field.id);
      return field.value.value;
    },
  };
}

/** `dynamic_object_field`: the value is an object of its own, held by the field object. */
export function childObjects(session: Session): DynamicFields {
  const childOf = (parent: Address, nameType: TypeTag, name: unknown): LiveObject | undefined => {
    const wrapper = wrapperType(nameType);
    if (!session.fields.has(parent, wrapper, { name })) return undefined;
    return session.find(session.fields.borrow(parent, wrapper, { name }, ID_TYPE));
  };

  const need = (parent: Address, nameType: TypeTag, name: unknown, type: TypeTag): LiveObject => {
    const child = childOf(parent, nameType, name);
    if (!child) return session.abort(MODULE, DOES_NOT_EXIST, 'borrow_child_object');
    if (formatType(child.type) !== formatType(type)) {
      return session.abort(MODULE, TYPE_MISMATCH, 'borrow_child_object');
    }
    return child;
  };

  return {
    has: (parent, nameType, name) => childOf(parent, nameType, name) !== undefined,
    borrow: (parent, nameType, name, type) => need(parent, nameType, name, type).value,
    borrowMut: (parent, nameType, name, type) => {
      const child = need(parent, nameType, name, type);
      child.dirty = true;
      return child.value;
    },
    add: (parent, nameType, name, type, value) => {
      const object = value as { id: Address };
      const wrapper = wrapperType(nameType);
      session.fields.add(parent, wrapper, { name }, ID_TYPE, object.id);
      const bytes = session.registry.layout(wrapper).serialize({ name }).toBytes();
      const field = dynamicFieldId(parent, formatType(wrapper), bytes);
      session.place(type, object, { kind: 'object', parent: field });
    },
    remove: (parent, nameType, name, type) => {
      const child = need(parent, nameType, name, type);
      session.fields.remove(parent, wrapperType(nameType), { name }, ID_TYPE);
      child.owner = undefined;
      return child.value;
    },
  };
}
