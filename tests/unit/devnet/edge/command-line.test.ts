import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../../src/devnet/command-line.ts';
import { listen, PortBusyError } from '../../../../src/devnet/http.ts';
import { sentenceOf, startFrom } from '../../../../src/devnet/main.ts';
import { serveNetwork } from '../../../../src/devnet/served-network.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { memoryDoors } from '../../../support/devnet/local-network.ts';
import { kernelModule } from '../../../support/devnet/test-fleet.ts';

const read = (text: string) => readCommandLine(text.split(' ').filter(Boolean));

describe('the command line of the local network', () => {
  it('leaves nothing open', () => {
    expect(read('')).toEqual({
      profile: 'tiny',
      weights: [3, 3, 3, 2, 2],
      shuffle: false,
      basePort: undefined,
      data: '.devnet/tiny',
      durability: 'relaxed',
      seed: 'haulout',
      fault: undefined,
      tip: 'none',
      tls: undefined,
      epochMs: undefined,
      lagMs: undefined,
      log: undefined,
      json: false,
    });
    expect(
      read('--nodes 3 --shards 10 --data none --port 0 --epoch 60 --lag 50 --json'),
    ).toMatchObject({
      weights: [4, 3, 3],
      data: undefined,
      basePort: 0,
      epochMs: 60_000,
      lagMs: 50,
      json: true,
    });
    expect(read('--profile real')).toMatchObject({ profile: 'real', data: '.devnet/real' });
    expect(read('--help')).toBe('help');
  });

  it.each([
    ['--profile huge', 'tiny, wide'],
    ['--nodes 3', '--nodes and --shards belong together'],
    ['--nodes 3 --shards 2', '--shards is'],
    ['--profile tiny --nodes 3 --shards 7', 'either'],
    ['--fault rain', 'one-third-down'],
    ['--tip 5', '--tip is'],
    ['--lag soon', '--lag is not a number'],
    ['--port x', '--port is not a number'],
    ['--port 65535', '--port leaves too few ports'],
    ['--cert a.pem', '--cert and --key belong together'],
    ['--what', "'--what'"],
  ])('refuses %s with a sentence', (words, sentence) => {
    const refusal = (() => {
      try {
        return read(words);
      } catch (error) {
        return sentenceOf(error);
      }
    })();
    expect(refusal).toContain(sentence);
  });
});

describe('starting a network', () => {
  const options = async (change = {}) => ({
    settings: { weights: [2, 1, 1], seed: 'cli' },
    doors: await memoryDoors(),
    basePort: 0,
    adminToken: 'token',
    ...change,
  });

  it('says which port is taken, and leaves none open', async () => {
    const taken = await listen({
      handler: async () => new Response(),
      port: 0,
      clock: systemClock,
    });
    const start = serveNetwork(await options({ basePort: taken.port }));
    const error = await start.catch((each) => each);
    expect(error).toBeInstanceOf(PortBusyError);
    expect(sentenceOf(error)).toBe(
      `port ${taken.port} is in use by another program; choose another one or end that program`,
    );
    await taken.close();
  });

  it('keeps ports and chain between runs, and refuses data of another network', async () => {
    const doors = await memoryDoors();
    const first = await serveNetwork(await options({ doors }));
    const { chainId, nodes, rpcUrl } = first.description;
    await first.close();
    const second = await serveNetwork(await options({ doors }));
    expect(second.description).toMatchObject({ chainId, nodes, rpcUrl });
    await second.close();
    // Nobody has to say the port again.
    const third = await serveNetwork(await options({ doors, basePort: undefined }));
    expect(third.description.rpcUrl).toBe(rpcUrl);
    await third.close();
    const refusal = async (change: object) =>
      sentenceOf(await serveNetwork(await options({ doors, ...change })).catch((each) => each));
    const settings = { weights: [2, 1, 1], seed: 'other' };
    expect(await refusal({ settings })).toContain('another seed');
    const { port } = new URL(rpcUrl);
    expect(await refusal({ basePort: Number(port) - 1 })).toContain(`from port ${port} on`);
  });

  it('goes on with the ports of a first start that was killed', async () => {
    const doors = await memoryDoors();
    const { read: readDisk } = doors.disk;
    // It dies when the chain has begun and the nodes have not.
    doors.disk.read = (path) =>
      path.startsWith('nodes/')
        ? Promise.reject(new Error('killed'))
        : readDisk.call(doors.disk, path);
    await expect(serveNetwork(await options({ doors }))).rejects.toThrow('killed');
    doors.disk.read = readDisk;
    const again = await serveNetwork(await options({ doors }));
    expect(again.description.nodes).toHaveLength(3);
    await again.close();
  });

  it('says which file or port it cannot have', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haulout-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = await startFrom(['--port', '0', '--data', file], kernelModule).catch(
      (each) => each,
    );
    expect(sentenceOf(refused)).toBe(`${file} cannot be read or written (EEXIST)`);
    rmSync(folder, { recursive: true });
    const denied = Object.assign(new Error(), { syscall: 'listen', code: 'EACCES', port: 80 });
    expect(sentenceOf(denied)).toBe('port 80 cannot be opened (EACCES); choose another --port');
  });

  it('says so when its data is damaged, and leaves it as it is', async () => {
    for (const path of ['network.json', 'chain.jsonl', 'shards.json']) {
      const doors = await memoryDoors();
      const first = await serveNetwork(await options({ doors }));
      const [node] = first.description.nodes;
      await first.close();
      const at = path === 'network.json' ? path : `nodes/${node?.nodeId}/${path}`;
      const spoiled = new TextEncoder().encode('{"half": \n{}\n');
      await doors.disk.write(at, spoiled);
      const error = await serveNetwork(await options({ doors })).catch((each) => each);
      expect(sentenceOf(error), path).toContain('is damaged');
      expect(await doors.disk.read(at)).toEqual(spoiled);
    }
  });

  it('writes a line for each request to a node', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haulout-'));
    const file = join(folder, 'requests.jsonl');
    const started = await startFrom(['--port', '0', '--data', 'none', '--log', file], kernelModule);
    if (typeof started === 'string') throw new Error(started);
    const { url } = started.description.nodes[2] ?? { url: '' };
    for (const path of ['/v1/health', '/v1/nothing']) await (await fetch(url + path)).text();
    await started.close();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    rmSync(folder, { recursive: true });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { node: 2, method: 'GET', path: '/v1/health', status: 200, fault: null, peer: false },
      { node: 2, method: 'GET', path: '/v1/nothing', status: 404 },
    ]);
  });

  it('speaks TLS with a certificate of an authority that it names', async () => {
    const started = await startFrom(
      ['--port', '0', '--data', 'none', '--tls', '--json'],
      kernelModule,
    );
    if (typeof started === 'string') throw new Error(started);
    const { nodes, authority = '' } = JSON.parse(started.text) as typeof started.description;
    const status = await new Promise((resolve, reject) => {
      const request = get(`${nodes[0]?.url}/v1/health`, { ca: authority }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.on('error', reject);
    });
    expect(status).toBe(200);
    await started.close();
  });
});
