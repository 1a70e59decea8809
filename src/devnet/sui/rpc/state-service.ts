import { GrpcTypes } from '@mysten/sui/grpc';
import type { SuiChain } from '../chain.ts';
import { CoinMetadata } from '../framework/coin-metadata.ts';
import { coinBalance, coinTypeOf, type LedgerObject } from '../ledger/ledger-object.ts';
import { compareOwned } from '../ledger/object-store.ts';
import { SUI_FRAMEWORK, type TypeTag } from '../move/native.ts';
import { invalid, notFound } from '../status.ts';
import { formatType, normalizeType, parseAddress, parseType } from '../types/type-tag.ts';
import { bcsMessage } from './proto/common.ts';
import { objectMessage } from './proto/object.ts';
import { applyMask } from './read-mask.ts';
import { methodsOf } from './service.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 1000;

export function stateService(chain: SuiChain) {
  return methodsOf(GrpcTypes.StateService, {
    unary: {
      GetBalance: (request: GrpcTypes.GetBalanceRequest) => getBalance(chain, request),
      ListBalances: (request: GrpcTypes.ListBalancesRequest) => listBalances(chain, request),
      GetCoinInfo: (request: GrpcTypes.GetCoinInfoRequest) => getCoinInfo(chain, request),
      ListOwnedObjects: (request: GrpcTypes.ListOwnedObjectsRequest) => listOwned(chain, request),
      ListDynamicFields: (request: GrpcTypes.ListDynamicFieldsRequest) =>
        listFields(chain, request),
    },
  });
}

/** A part of `items`, which are sorted by `key`. The token is the key of the last item. */
function paged<T>(
  items: readonly T[],
  key: (item: T) => string,
  { pageSize, pageToken }: { pageSize?: number; pageToken?: Uint8Array },
): { items: readonly T[]; nextPageToken?: Uint8Array } {
  const size = Math.min(pageSize || DEFAULT_PAGE, MAX_PAGE);
  let start = 0;
  if (pageToken && pageToken.length > 0) {
    const last = new TextDecoder().decode(pageToken);
    const found = items.findIndex((item) => key(item) === last);
    // The object may be gone since; its neighbours are told apart by the same order.
    start = found >= 0 ? found + 1 : items.findIndex((item) => key(item) > last);
    if (start < 0) start = items.length;
  }
  const part = items.slice(start, start + size);
  const last = part.at(-1);
  if (last === undefined || start + size >= items.length) return { items: part };
  return { items: part, nextPageToken: new TextEncoder().encode(key(last)) };
}

const coinsOf = (chain: SuiChain, owner: string): readonly LedgerObject[] =>
  chain
    .view()
    .ownedBy(parseAddress(owner, 'owner'))
    .filter(({ type }) => coinTypeOf(type) !== undefined);

function balanceOf(coinType: string, coins: readonly LedgerObject[]): GrpcTypes.Balance {
  const balance = coins.reduce((sum, { contents }) => sum + coinBalance(contents), 0n);
  return { coinType, balance, coinBalance: balance, addressBalance: 0n };
}

function getBalance(chain: SuiChain, { owner, coinType }: GrpcTypes.GetBalanceRequest) {
  if (owner === undefined || coinType === undefined) throw invalid('owner or coin_type is missing');
  const type = normalizeType(coinType);
  const coins = coinsOf(chain, owner).filter((coin) => coinTypeOf(coin.type) === type);
  return { balance: balanceOf(type, coins) };
}

function listBalances(
  chain: SuiChain,
  request: GrpcTypes.ListBalancesRequest,
): GrpcTypes.ListBalancesResponse {
  if (request.owner === undefined) throw invalid('owner is missing');
  const groups = new Map<string, LedgerObject[]>();
  for (const coin of coinsOf(chain, request.owner)) {
    const type = coinTypeOf(coin.type) ?? '';
    groups.set(type, [...(groups.get(type) ?? []), coin]);
  }
  const types = [...groups.keys()].sort();
  const { items, ...next } = paged(types, (type) => type, request);
  return { balances: items.map((type) => balanceOf(type, groups.get(type) ?? [])), ...next };
}

function getCoinInfo(
  chain: SuiChain,
  { coinType }: GrpcTypes.GetCoinInfoRequest,
): GrpcTypes.GetCoinInfoResponse {
  if (coinType === undefined) throw invalid('coin_type is missing');
  const type = normalizeType(coinType);
  const object = chain.ledger.objects.findByType(`${SUI_FRAMEWORK}::coin::CoinMetadata<${type}>`);
  if (!object) throw notFound(`Coin type ${type} not found`);
  const {
    id,
    decimals,
    name,
    symbol,
    description,
    icon_url: icon,
  } = CoinMetadata.parse(object.contents);
  return {
    coinType: type,
    metadata: {
      id,
      decimals,
      name,
      symbol,
      description,
      ...(icon === null ? {} : { iconUrl: icon }),
    },
  };
}

function listOwned(
  chain: SuiChain,
  request: GrpcTypes.ListOwnedObjectsRequest,
): GrpcTypes.ListOwnedObjectsResponse {
  const owner = parseAddress(request.owner, 'owner');
  const takes = typeFilter(request.objectType);
  const owned = chain
    .view()
    .ownedBy(owner)
    .filter((object) => object.owner.kind === 'address' && takes(object.type))
    .sort(compareOwned);
  const { items, ...next } = paged(owned, orderKey, request);
  const { registry } = chain.ledger;
  const objects = items.map((object) =>
    applyMask(
      GrpcTypes.Object,
      objectMessage(chain.faults.told(object), registry, request.readMask),
      request.readMask,
      ['object_id', 'version', 'object_type'],
    ),
  );
  return { objects, ...next };
}

/** Ascends as `compareOwned` does. */
function orderKey(object: LedgerObject): string {
  const balance = coinTypeOf(object.type) === undefined ? 0n : coinBalance(object.contents);
  return `${object.type} ${(2n ** 64n - 1n - balance).toString(16).padStart(16, '0')} ${object.id}`;
}

/** A package, a module, or a type; without type arguments it takes them all. */
function typeFilter(text: string | undefined): (type: string) => boolean {
  if (text === undefined || text === '') return () => true;
  const parts = text.split('<')[0]?.split('::') ?? [];
  if (parts.length < 3) {
    const prefix = [parseAddress(parts[0], 'object_type'), ...parts.slice(1), ''].join('::');
    return (type) => type.startsWith(prefix);
  }
  const wanted = formatType(parseType(text));
  return (type) => type === wanted || type.startsWith(`${wanted}<`);
}

function listFields(
  chain: SuiChain,
  request: GrpcTypes.ListDynamicFieldsRequest,
): GrpcTypes.ListDynamicFieldsResponse {
  const parent = parseAddress(request.parent, 'parent');
  const fields = chain
    .view()
    .ownedBy(parent)
    .filter(({ owner }) => owner.kind === 'object')
    .map((object) => chain.faults.told(object))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { items, ...next } = paged(fields, ({ id }) => id, request);
  const dynamicFields = items.map((object) =>
    applyMask(
      GrpcTypes.DynamicField,
      fieldMessage(chain, parent, object, request),
      request.readMask,
      ['parent', 'field_id'],
    ),
  );
  return { dynamicFields, ...next };
}

function fieldMessage(
  chain: SuiChain,
  parent: string,
  object: LedgerObject,
  request: GrpcTypes.ListDynamicFieldsRequest,
): GrpcTypes.DynamicField {
  const { DynamicField_DynamicFieldKind: Kind } = GrpcTypes;
  const { registry } = chain.ledger;
  const [nameType, valueType] = argumentsOf(object.type);
  const { name, value } = registry.layout(parseType(object.type)).parse(object.contents);
  const common = {
    parent,
    fieldId: object.id,
    fieldObject: objectMessage(object, registry, request.readMask),
  };
  const wrapped = formatType(nameType).startsWith(
    `${SUI_FRAMEWORK}::dynamic_object_field::Wrapper<`,
  );
  if (!wrapped) {
    return {
      ...common,
      kind: Kind.FIELD,
      name: bcsMessage(formatType(nameType), registry.layout(nameType).serialize(name).toBytes()),
      value: bcsMessage(formatType(valueType), bytesOf(chain, valueType, value)),
      valueType: formatType(valueType),
    };
  }
  const [inside] = argumentsOf(formatType(nameType));
  const found = chain.view().get(value);
  const child = found && chain.faults.told(found);
  return {
    ...common,
    kind: Kind.OBJECT,
    name: bcsMessage(formatType(inside), registry.layout(inside).serialize(name.name).toBytes()),
    ...(child
      ? {
          value: bcsMessage(child.type, child.contents),
          valueType: child.type,
          childObject: objectMessage(child, registry, request.readMask),
        }
      : {}),
    childId: value,
  };
}

const bytesOf = (chain: SuiChain, type: TypeTag, value: unknown): Uint8Array =>
  chain.ledger.registry
    .layout(type)
    .serialize(value, { maxSize: 1 << 22 })
    .toBytes();

/** The type arguments of a struct type; `bool` stands in for what is not there. */
function argumentsOf(type: string): [TypeTag, TypeTag] {
  const tag = parseType(type);
  const list = typeof tag === 'object' && 'typeArguments' in tag ? tag.typeArguments : [];
  return [list[0] ?? 'bool', list[1] ?? 'bool'];
}
