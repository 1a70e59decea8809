import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import { accountKey } from '../../src/devnet/chain-life.ts';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { createHaulout, keypairWallet } from '../../src/index.ts';
import { faultyShards } from '../../src/protocol/committee.ts';
import { geometryFor } from '../../src/protocol/geometry.ts';
import { memoryDoors, officialClients, quiet } from '../support/devnet/local-network.ts';
import { blobBytes } from '../support/devnet/node-calls.ts';
import { encoder } from '../support/flows/local-client.ts';
import { READ_FAULTS } from '../support/read-faults.ts';
import { pickSeed, random } from '../support/seed.ts';

const SHARDS = 13;
const { columnCount, rowCount } = geometryFor(SHARDS, 0);
const LENGTHS = [0, 1, 89, 90, 91, 4_567, 70_001];
const FULL = 70_001; // no row of it is behind its end

let served: ServedNetwork;
const stored = new Map<number, { readonly blobId: string; readonly bytes: Uint8Array }>();
let official: { readonly blobId: string; readonly bytes: Uint8Array };

const reader = () =>
  createHaulout({
    ...{ network: served.description, encoder, verifier: encoder },
    wallet: keypairWallet(accountKey('read', 0)),
  });
