import type { BadDays } from '../bad-days.ts';
import { parseRules } from '../faults/rules.ts';
import type { LocalNetwork } from '../network.ts';
import { SERVICE_NAMES, type ServiceName } from '../network-options.ts';
import { isPreset, PRESET_NAMES } from '../presets.ts';
import { parseTip } from '../relay/tip.ts';
import type { RequestLog } from '../request-log.ts';
import { parseServiceRules } from '../service/service-rules.ts';
import { AdminError } from './admin-error.ts';
import type { BlobList } from './blob-list.ts';
import { amountIn, fieldsOf, jsonOf, numberIn, textIn } from './body.ts';
import { chainFaultsJson, parseChainFaults } from './chain-fault-json.ts';
import { lieOf } from './chain-lies.ts';
import { committeeJson } from './committee-json.ts';
import { addSnapshot, type DataDoor, dropSnapshot, reset, showSnapshots } from './data-door.ts';
import { factOf } from './fact-json.ts';
import { changeNodeSettings, NODE_SETTING_NAMES, nodeSettingsJson } from './node-settings.ts';
import { stateJson } from './state.ts';

export interface Control {
  readonly network: LocalNetwork;
  readonly days: BadDays;
  readonly blobs: BlobList;
  readonly description: unknown;
  readonly data: DataDoor | undefined;
}

type Handler = (control: Control, request: Request, words: readonly string[]) => unknown;

/** Method and path; `*` is a word. What a handler returns is the JSON of the answer. */
export const ROUTES: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/admin/network', ({ description }) => description],
  ['GET', '/admin/state', ({ network, days, blobs }) => stateJson(network, days, blobs)],
  ['GET', '/admin/committee', ({ network }) => committeeJson(network.life.port.state())],
  ['GET', '/admin/blobs', ({ blobs }) => ({ count: blobs.count, newest: blobs.newest(1_000) })],
  ['GET', '/admin/log', readLog],
  ['DELETE', '/admin/log', ({ network }, request) => logOf(network, request).clear()],

  ['GET', '/admin/nodes/*/fault', ({ network }, _, [i]) => nodeAt(network, i).engine.rules],
  ['PUT', '/admin/nodes/*/fault', setNodeFaults],
  ['POST', '/admin/nodes/*/kill', ({ network }, _, [i]) => nodeAt(network, i).kill()],
  ['POST', '/admin/nodes/*/start', ({ network }, _, [i]) => nodeAt(network, i).start()],
  ['POST', '/admin/nodes/*/restart', restartNode],
  ['POST', '/admin/nodes/*/wipe', ({ network }, _, [i]) => nodeAt(network, i).wipe()],
  ['POST', '/admin/nodes/*/evict', ({ network }, _, [i]) => nodeAt(network, i).node?.evict()],
  ['POST', '/admin/nodes/*/retire', retireNode],
  ['POST', '/admin/nodes/*/stake', stakeNode],

  ['GET', '/admin/services/*/fault', ({ network }, _, [s]) => serviceAt(network, s).faults.rules],
  ['PUT', '/admin/services/*/fault', setServiceFaults],
  ['POST', '/admin/services/*/kill', ({ network }, _, [s]) => serviceAt(network, s).kill()],
  ['POST', '/admin/services/*/start', ({ network }, _, [s]) => serviceAt(network, s).start()],
  ['POST', '/admin/services/*/restart', restartService],
  ['GET', '/admin/settings', ({ network }) => nodeSettingsJson(network)],
  ['PUT', '/admin/settings', setNodeSettings],
  ['PUT', '/admin/relay', setRelay],
  ['PUT', '/admin/aggregator', setAggregator],

  ['POST', '/admin/chain', tellFact],
  ['GET', '/admin/chain/fault', ({ network }) => chainFaultsJson(network.life.chain.faults.now)],
  ['PUT', '/admin/chain/fault', setChainFaults],
  ['POST', '/admin/chain/lie', tellLie],
  ['POST', '/admin/epoch', async ({ network }) => ({ epoch: await network.epochs.advance() })],
  ['POST', '/admin/price', setPrice],
  ['POST', '/admin/clock', setClock],

  ['GET', '/admin/snapshots', showSnapshots],
  ['PUT', '/admin/snapshots/*', addSnapshot],
  ['DELETE', '/admin/snapshots/*', dropSnapshot],
  ['POST', '/admin/reset', reset],

  ['GET', '/admin/held', ({ network }) => heldIn(network)],
  ['POST', '/admin/release', release],
  ['POST', '/admin/preset', startPreset],
  ['DELETE', '/admin/preset', ({ days }) => days.clear()],
];

function nodeAt(network: LocalNetwork, word = '') {
  const slot = /^\d{1,4}$/.test(word) ? network.nodes[Number(word)] : undefined;
  if (slot !== undefined) return slot;
  throw new AdminError(404, `there is no node ${word}; they are 0 to ${network.nodes.length - 1}`);
}

function serviceAt(network: LocalNetwork, word = '') {
  if (SERVICE_NAMES.includes(word as ServiceName)) return network.services[word as ServiceName];
  throw new AdminError(404, `there is no service ${word}; they are ${SERVICE_NAMES.join(', ')}`);
}

/** The log of the nodes, or with `?of=relay` that of a service. */
function logOf(network: LocalNetwork, request: Request): RequestLog {
  const of = new URL(request.url).searchParams.get('of') ?? 'nodes';
  return of === 'nodes' ? network.fleet.log : serviceAt(network, of).log;
}

function readLog({ network }: Control, request: Request) {
  const log = logOf(network, request);
  const since = Number(new URL(request.url).searchParams.get('since') ?? 0);
  if (!Number.isFinite(since)) throw new AdminError(400, 'since is not a number');
  return { next: log.next, maxInFlight: log.maxInFlight, entries: log.since(since) };
}

async function setNodeFaults(control: Control, request: Request, [i]: readonly string[]) {
  const rules = await jsonOf(request);
  await nodeAt(control.network, i).setFaults(orAdminError(() => parseRules(rules)));
}

function orAdminError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new AdminError(400, error.message);
    throw error;
  }
}

async function restartNode({ network }: Control, request: Request, [i]: readonly string[]) {
  const ms = numberIn(await fieldsOf(request, 'ms'), 'ms', 0);
  await nodeAt(network, i).restart(ms);
}

function retireNode({ network }: Control, _: Request, [i]: readonly string[]) {
  return network.epochs.retire(nodeAt(network, i).identity.nodeId);
}

async function stakeNode({ network }: Control, request: Request, [i]: readonly string[]) {
  const amount = amountIn(await fieldsOf(request, 'amount'), 'amount');
  await network.epochs.stake(nodeAt(network, i).identity.nodeId, amount);
}

async function setServiceFaults(control: Control, request: Request, [s]: readonly string[]) {
  const rules = await jsonOf(request);
  await serviceAt(control.network, s).setFaults(orAdminError(() => parseServiceRules(rules)));
}

async function restartService({ network }: Control, request: Request, [s]: readonly string[]) {
  const ms = numberIn(await fieldsOf(request, 'ms'), 'ms', 0);
  await serviceAt(network, s).restart(ms);
}

async function setNodeSettings({ network }: Control, request: Request) {
  await changeNodeSettings(network, await fieldsOf(request, ...NODE_SETTING_NAMES));
  return nodeSettingsJson(network);
}

async function setRelay({ network }: Control, request: Request) {
  const fields = await fieldsOf(request, 'tip', 'maxBytes');
  if ('tip' in fields) {
    const tip = parseTip(textIn(fields, 'tip'), network.tipAddress);
    if (tip === undefined) {
      throw new AdminError(400, 'tip is none, const:<MIST> or linear:<base>,<per KiB>');
    }
    network.relaySettings = { ...network.relaySettings, tip };
  }
  if ('maxBytes' in fields) {
    const maxBytes = numberIn(fields, 'maxBytes');
    network.relaySettings = { ...network.relaySettings, maxBytes };
  }
  await network.services.relay.restart();
}

async function setAggregator({ network }: Control, request: Request) {
  const { strictRanges } = await fieldsOf(request, 'strictRanges');
  if (typeof strictRanges !== 'boolean') throw new AdminError(400, 'strictRanges is no flag');
  network.aggregatorSettings = { ...network.aggregatorSettings, strictRanges };
  await network.services.aggregator.restart();
}

async function tellFact({ network }: Control, request: Request) {
  network.fleet.tell(factOf(await jsonOf(request)));
}

async function setChainFaults({ network }: Control, request: Request) {
  const { faults } = network.life.chain;
  faults.set(parseChainFaults(await jsonOf(request)));
  return chainFaultsJson(faults.now);
}

async function tellLie({ network }: Control, request: Request) {
  network.life.chain.faults.set({ forged: lieOf(network, await jsonOf(request)) });
}

async function setPrice({ network }: Control, request: Request) {
  const fields = await fieldsOf(request, 'storage', 'write');
  const prices = {
    storagePrice: amountIn(fields, 'storage'),
    writePrice: amountIn(fields, 'write'),
  };
  await network.epochs.setPrices(prices);
}

async function setClock({ network }: Control, request: Request) {
  const ms = numberIn(await fieldsOf(request, 'advanceMs'), 'advanceMs');
  return { nowMs: await network.life.chain.advanceClock(ms) };
}

function heldIn({ nodes, services }: LocalNetwork) {
  return [
    ...nodes.flatMap(({ identity, engine }) =>
      engine.held.map((name) => ({ name, at: identity.name })),
    ),
    ...SERVICE_NAMES.flatMap((at) => services[at].faults.held.map((name) => ({ name, at }))),
  ];
}

async function release({ network }: Control, request: Request) {
  const name = textIn(await fieldsOf(request, 'name'), 'name');
  const engines = [
    ...network.nodes.map(({ engine }) => engine),
    ...SERVICE_NAMES.map((each) => network.services[each].faults),
  ];
  return { released: engines.reduce((sum, engine) => sum + engine.release(name), 0) };
}

async function startPreset({ days }: Control, request: Request) {
  const fields = await fieldsOf(request, 'name', 'seed');
  const name = textIn(fields, 'name');
  if (!isPreset(name)) throw new AdminError(400, `presets are ${PRESET_NAMES.join(', ')}`);
  await days.start(name, 'seed' in fields ? textIn(fields, 'seed') : undefined);
}
