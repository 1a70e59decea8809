/** The exports of asm/index.ts. Numbers in, numbers out; pointers are offsets into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  isSimd(): number;
  setHashWidth(messages: number): void;
  scratchBytes(shardCount: number): number;
  configure(shardCount: number, symbolBytes: number, rowsUsed: number, scratchPtr: number): void;
  encodeRows(
    rowsPtr: number,
    rowPitch: number,
    rowCount: number,
    parityPtr: number,
    parityPitch: number,
  ): void;
  encodeColumns(
    columnsPtr: number,
    rowPitch: number,
    columnCount: number,
    slot: number,
    repairPtr: number,
    repairPitch: number,
  ): void;
  copyPieces(
    sourcePtr: number,
    sourcePitch: number,
    pieceBytes: number,
    count: number,
    targetPtr: number,
    targetPitch: number,
  ): void;
  fingerprint(ptr: number, bytes: number, word: number, isUpper: number): number;
  closeGroup(
    columnCount: number,
    columnRootsPtr: number,
    rowNodesPtr: number,
    rowNodePitch: number,
  ): void;
  rowRoots(nodesPtr: number, nodesPerRow: number, rowCount: number, rootsPtr: number): void;
  pairsRoot(pairsPtr: number, count: number, leafHashesPtr: number, rootPtr: number): void;
  sliverRoot(isPrimary: number, dataPtr: number, rootPtr: number): void;
  expandSliver(isPrimary: number, dataPtr: number, repairPtr: number, leavesPtr: number): void;
  treeLevels(leafHashesPtr: number, count: number, levelsPtr: number): void;
  prepareDecode(isRowCode: number, givenPtr: number): void;
  decode(
    isRowCode: number,
    laneCount: number,
    sourcePtr: number,
    sourcePitch: number,
    targetPtr: number,
    targetPitch: number,
    targetLanePitch: number,
  ): void;
  rsEncodeSymbols(
    k: number,
    m: number,
    symbolBytes: number,
    scratchPtr: number,
    sourcePtr: number,
    targetPtr: number,
  ): void;
  blake2b256(ptr: number, length: number, outPtr: number): void;
}

export type Engine = 'simd' | 'scalar';
