import type { StoragePool } from '../plan.ts';
import { demand, refuse } from './refuse.ts';
import type { Deeds, PoolLog, PoolStep, StoragePiece } from './values.ts';

export interface ReadPools {
  readonly pools: readonly StoragePool[];
  indexOf(pool: PoolLog): number;
}

/**
 * The owned storage that was used up, as plans say it: made one, cut to what is needed, extended,
 * and taken by one blob after the other, the last of which takes all that is left.
 */
export function readPools(deeds: Deeds, sender: string): ReadPools {
  const logs = [...deeds.pools.values()].sort((a, b) => inputOf(a) - inputOf(b));
  return {
    pools: logs.map((log, i) => readPool(log, sender, `pools.${i}`)),
    indexOf: (pool) => logs.indexOf(pool),
  };
}

const inputOf = ({ parts: [first] }: PoolLog) => first?.input ?? 0;

function readPool({ parts, steps }: PoolLog, sender: string, where: string): StoragePool {
  const [first = refuse(where)] = parts;
  const left = [...steps];
  const next = <S extends PoolStep['step']>(kind: S, wanted = true) => {
    const [step] = left;
    if (step?.step !== kind || !wanted) return undefined;
    left.shift();
    return step as Extract<PoolStep, { step: S }>;
  };
  const returns = (step: PoolStep | undefined) =>
    step !== undefined && 'rest' in step && typeof step.rest.end === 'object';
  const size = next('size', returns(left[0]));
  const epoch = next('epoch');
  const extend = next('extend');
  for (const step of [size, epoch, extend]) demand(step === undefined || step.of === first, where);
  for (const step of [size, epoch]) demand(step === undefined || goesTo(step.rest, sender), where);

  let piece: StoragePiece = first;
  for (let isLast = false; !isLast; ) {
    const cut = next('size');
    const take = next('take') ?? refuse(where);
    demand(take.of === piece && (cut === undefined || cut.of === piece), where);
    demand(cut === undefined || cut.keep === take.encodedBytes, where);
    isLast = cut === undefined;
    piece = cut?.rest ?? piece;
  }
  demand(left.length === 0, where);
  return {
    parts: parts.map(({ ref }) => ref),
    ...(size && { keepBytes: size.keep }),
    ...(epoch && { cutAtEpoch: epoch.at }),
    ...(extend && { extension: extend.extension }),
  };
}

const goesTo = ({ end }: StoragePiece, address: string) =>
  typeof end === 'object' && end.sentTo === address;
