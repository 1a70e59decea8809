import { bcs } from '@mysten/bcs';
import { U64, UID } from '../../../src/chain/layouts/sui.ts';
import { native } from '../../../src/devnet/sui/framework/native-function.ts';
import {
  address,
  type GenesisPart,
  mut,
  ref,
  struct,
  TX_CONTEXT,
  type TypeTag,
} from '../../../src/devnet/sui/move/native.ts';

/** A package with one of everything that the executor must get right. */
export const TEST_PACKAGE = address('0x7e57');
export const COUNTER_ID = address('0xc0');
const NEXT_VERSION = address('0x7e58');

const tag = (name: string): TypeTag => struct(TEST_PACKAGE, 'things', name);
const THING = struct(TEST_PACKAGE, 'things', 'Thing');
const BOX = struct(TEST_PACKAGE, 'things', 'Box');
const COUNTER = struct(TEST_PACKAGE, 'things', 'Counter');
const TICKET = struct(TEST_PACKAGE, 'things', 'Ticket');

const Thing = bcs.struct('Thing', { id: UID, value: U64 });
const Counter = bcs.struct('Counter', { id: UID, value: U64 });

export const testPackage: GenesisPart = {
  packages: [
    {
      originalId: TEST_PACKAGE,
      versions: [
        { id: TEST_PACKAGE, version: 1 },
        { id: NEXT_VERSION, version: 2 },
      ],
      structs: [
        { module: 'things', name: 'Thing', abilities: ['key', 'store'], layout: () => Thing },
        {
          module: 'things',
          name: 'Box',
          abilities: ['key', 'store'],
          layout: () => bcs.struct('Box', { id: UID, inside: Thing }),
        },
        { module: 'things', name: 'Counter', abilities: ['key'], layout: () => Counter },
        {
          module: 'things',
          name: 'Ticket',
          abilities: [],
          layout: () => bcs.struct('Ticket', { value: U64 }),
        },
        {
          module: 'things',
          name: 'Made',
          abilities: ['copy', 'drop'],
          layout: () => bcs.struct('Made', { id: UID, value: U64 }),
        },
      ],
      functions: [
        native('things', 'make', {
          parameters: ['u64', TX_CONTEXT],
          returns: [THING],
          run: (context, _, [value]) => {
            const id = context.freshId();
            context.emit('things::Made', { id, value });
            return [{ id, value }];
          },
        }),
        native('things', 'set', {
          parameters: [mut(THING), 'u64'],
          run: (context, _, [thing, value]) => {
            if (value === 13n) context.abort('things', 13);
            thing.value = value;
            return [];
          },
        }),
        native('things', 'value', {
          parameters: [ref(THING)],
          returns: ['u64'],
          run: (_, __, [thing]) => [thing.value],
        }),
        native('things', 'wrap', {
          parameters: [THING, TX_CONTEXT],
          returns: [BOX],
          run: (context, _, [inside]) => [{ id: context.freshId(), inside }],
        }),
        native('things', 'unwrap', {
          parameters: [BOX],
          returns: [THING],
          run: (context, _, [box]) => {
            context.deleteId(box.id);
            return [box.inside];
          },
        }),
        native('things', 'destroy', {
          parameters: [THING],
          run: (context, _, [thing]) => {
            context.deleteId(thing.id);
            return [];
          },
        }),
        native('things', 'note', {
          parameters: [mut(THING), 'u64'],
          run: (context, _, [thing, value]) => {
            context.fields.add(thing.id, 'u64', 1n, 'u64', value);
            return [];
          },
        }),
        native('things', 'change_note', {
          parameters: [ref(THING), 'u64'],
          run: (context, _, [thing, value]) => {
            context.fields.remove(thing.id, 'u64', 1n, 'u64');
            context.fields.add(thing.id, 'u64', 1n, 'u64', value);
            return [];
          },
        }),
        native('things', 'attach', {
          parameters: [mut(THING), 'u64', THING],
          run: (context, _, [parent, name, child]) => {
            context.objectFields.add(parent.id, 'u64', name, tag('Thing'), child);
            return [];
          },
        }),
        native('things', 'detach', {
          parameters: [mut(THING), 'u64'],
          returns: [THING],
          run: (context, _, [parent, name]) => [
            context.objectFields.remove(parent.id, 'u64', name, tag('Thing')),
          ],
        }),
        native('things', 'share', {
          parameters: ['u64', TX_CONTEXT],
          run: (context, _, [value]) => {
            context.share(tag('Counter'), { id: context.freshId(), value } as { id: string });
            return [];
          },
        }),
        native('things', 'count', {
          parameters: [mut(COUNTER)],
          returns: ['u64'],
          run: (_, __, [counter]) => {
            counter.value += 1n;
            return [counter.value];
          },
        }),
        native('things', 'read', {
          parameters: [ref(COUNTER)],
          returns: ['u64'],
          run: (_, __, [counter]) => [counter.value],
        }),
        native('things', 'swallow', {
          parameters: [COUNTER],
          run: () => [],
        }),
        native('things', 'ticket', {
          returns: [TICKET],
          run: () => [{ value: 1n }],
        }),
        native('things', 'version', {
          returns: ['u64'],
          run: (context) => [BigInt(context.packageVersion)],
        }),
      ],
    },
  ],
  objects: [
    {
      id: COUNTER_ID,
      type: tag('Counter'),
      owner: { kind: 'shared', initialVersion: 1n },
      contents: Counter.serialize({ id: COUNTER_ID, value: 0n }).toBytes(),
    },
  ],
};
