import { connect } from 'node:net';
import { GrpcTypes } from '@mysten/sui/grpc';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../../../src/devnet/http.ts';
import { seededRandom } from '../../../../src/devnet/seeded-random.ts';
import { dataFrame, decodeText, readMessage } from '../../../../src/devnet/sui/wire/frames.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { type LocalSui, localSui } from '../../../support/devnet/local-sui.ts';
import { SEED as NUMBER, SOAK } from '../../../support/seed.ts';

const BINARY = 'application/grpc-web+proto';
const TEXT = 'application/grpc-web-text';
const INFO = '/sui.rpc.v2.LedgerService/GetServiceInfo';
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

describe('the gRPC-web door', () => {
  let sui: LocalSui;
  beforeAll(async () => {
    sui = await localSui();
  });
  afterAll(() => sui.close());

  const post = (path: string, body: Uint8Array | string, type = BINARY) =>
    sui.handler(
      new Request(`http://chain.test${path}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: body as Uint8Array<ArrayBuffer> | string,
      }),
    );
  /** The trailer of an answer, and the message before it. */
  const read = async (response: Response) => {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const message = /grpc-message:(.*)\r\n/.exec(text)?.[1];
    return {
      http: response.status,
      status: Number(/grpc-status:(\d+)\r\n/.exec(text)?.[1]),
      message: message === undefined ? '' : decodeURIComponent(message),
      bytes,
    };
  };

  it('takes binary and text, and answers alike', async () => {
    const empty = dataFrame(new Uint8Array());
    for (const [body, type] of [
      [empty, BINARY],
      [empty, 'application/grpc-web'],
      [base64(empty), TEXT],
      [base64(empty), `${TEXT}; charset=utf-8`],
    ] as const) {
      const answer = await read(await post(INFO, body, type));
      expect(answer).toMatchObject({ http: 200, status: 0 });
      const length = new DataView(answer.bytes.buffer).getUint32(1);
      const info = GrpcTypes.GetServiceInfoResponse.fromBinary(
        answer.bytes.subarray(5, 5 + length),
      );
      expect(info.chainId).toBe(sui.chain.ledger.chainId);
    }
  });

  it('joins base64 that was encoded in parts', () => {
    const frame = dataFrame(Uint8Array.of(1, 2, 3, 4));
    const parts = base64(frame.subarray(0, 5)) + base64(frame.subarray(5));
    expect(readMessage(decodeText(new TextEncoder().encode(parts)))).toEqual(
      Uint8Array.of(1, 2, 3, 4),
    );
  });

  it('gives every page the headers that it needs', async () => {
    const url = `http://chain.test${INFO}`;
    const preflight = await sui.handler(new Request(url, { method: 'OPTIONS' }));
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-grpc-web');
    const answer = await post(INFO, dataFrame(new Uint8Array()));
    for (const response of [preflight, answer]) {
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toContain('grpc-status');
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
    expect((await sui.handler(new Request(url))).status).toBe(405);
  });

  it('says what is wrong with a body', async () => {
    const frame = dataFrame(Uint8Array.of(8, 1));
    const cases: [Uint8Array | string, RegExp, number, string?][] = [
      [new Uint8Array(), /needs 5 bytes/, 3],
      [frame.subarray(0, 4), /needs 5 bytes/, 3],
      [frame.subarray(0, 6), /is cut: 2 bytes were announced, 1 are here/, 3],
      [Uint8Array.of(...frame, 0), /1 bytes follow/, 3],
      [Uint8Array.of(1, 0, 0, 0, 0), /compressed/, 12],
      [Uint8Array.of(7, 0, 0, 0, 0), /not the flag/, 3],
      [dataFrame(Uint8Array.of(0xff, 0xff)), /is not a sui.rpc.v2.GetObjectRequest/, 3],
      [dataFrame(Uint8Array.of(10, 200)), /is not a sui.rpc.v2.GetObjectRequest/, 3],
      ['%%%%', /not base64/, 3, TEXT],
      ['AAAA=A', /not base64/, 3, TEXT],
      [frame, /is not gRPC-web/, 3, 'application/json'],
      [new Uint8Array((1 << 20) + 1), /larger than/, 8],
    ];
    for (const [body, words, status, type] of cases) {
      const answer = await read(await post('/sui.rpc.v2.LedgerService/GetObject', body, type));
      expect(answer.message).toMatch(words);
      expect(answer).toMatchObject({ http: 200, status });
    }
  });

  it('names what it does not offer', async () => {
    const frame = dataFrame(new Uint8Array());
    for (const path of ['/a.B/C', '/sui.rpc.v2.LedgerService/Nothing', '/']) {
      expect(await read(await post(path, frame))).toMatchObject({ status: 12 });
    }
  });

  it('leaves time alone; only who holds the chain moves it', async () => {
    const { typeName } = sui.client.forkingService;
    const answer = await read(await post(`/${typeName}/AdvanceClock`, dataFrame(new Uint8Array())));
    expect(answer).toMatchObject({ status: 12 });
    const { response } = await sui.client.forkingService.advanceClock({ durationMs: 5n });
    expect(response.timestampMs).toBeGreaterThan(0n);
  });

  it('refuses arguments in words', async () => {
    const { ledgerService, stateService, transactionExecutionService: execution } = sui.client;
    const cases: [Promise<unknown>, RegExp][] = [
      [ledgerService.getObject({ objectId: 'x' }).response, /is not an address/],
      [ledgerService.getObject({}).response, /is not an address/],
      [
        ledgerService.getObject({ objectId: '0x6', version: 77n }).response,
        /with version 77 not found/,
      ],
      [
        ledgerService.getObject({ objectId: '0x6', readMask: { paths: ['nonsense'] } }).response,
        /there is no field nonsense/,
      ],
      [
        ledgerService.batchGetObjects({ requests: Array(51).fill({ objectId: '0x6' }) }).response,
        /exceed limit/,
      ],
      [ledgerService.getTransaction({ digest: '0OIl' }).response, /not a transaction digest/],
      [ledgerService.getEpoch({ epoch: 9n }).response, /Epoch 9 not found/],
      [stateService.getBalance({ owner: '0x1' }).response, /is missing/],
      [stateService.getBalance({ owner: '0x1', coinType: 'a::b' }).response, /is not a type/],
      [
        stateService.getBalance({
          owner: '0x1',
          coinType: `${'vector<'.repeat(40)}u8${'>'.repeat(40)}`,
        }).response,
        /nested deeper/,
      ],
      [stateService.listOwnedObjects({ owner: 'me' }).response, /is not an address/],
      [stateService.getCoinInfo({ coinType: '0x7::no::COIN' }).response, /not found/],
      [execution.executeTransaction({ signatures: [] }).response, /transaction.bcs is missing/],
      [
        execution.executeTransaction({
          transaction: { bcs: { value: new Uint8Array(10) } },
          signatures: [],
        }).response,
        /not valid BCS/,
      ],
      [
        execution.executeTransaction({
          transaction: { bcs: { value: new Uint8Array(200_000) } },
          signatures: [],
        }).response,
        /the limit is 131072/,
      ],
      [execution.simulateTransaction({}).response, /transaction is missing/],
      [
        execution.simulateTransaction({ transaction: {} }).response,
        /programmable transactions only/,
      ],
    ];
    for (const [answer, words] of cases) {
      await expect(answer).rejects.toThrow(words);
    }
  });

  it('ends a stream with a status when its arguments are wrong', async () => {
    const predicate = { oneofKind: 'packageWrite', packageWrite: {} } as const;
    const filter = { terms: [{ literals: [{ negated: false, predicate }] }] };
    const call = sui.client.ledgerService.listTransactions({ filter });
    const all = async () => {
      for await (const _ of call.responses) throw new Error('nothing should come');
    };
    await expect(all()).rejects.toThrow(/does not filter by packageWrite/);
  });

  it('answers every random body with a status', async () => {
    const { below, bytes } = seededRandom(`${NUMBER}`, 'bodies');
    const paths = [
      ...['LedgerService/GetObject', 'LedgerService/BatchGetObjects', 'LedgerService/GetEpoch'],
      ...['StateService/ListOwnedObjects', 'StateService/ListDynamicFields'],
      ...['TransactionExecutionService/SimulateTransaction'],
      ...['TransactionExecutionService/ExecuteTransaction', 'LedgerService/ListEvents'],
      ...['MovePackageService/GetFunction', 'NameService/LookupName'],
    ];
    for (let i = 0; i < (SOAK ? 60_000 : 600); i += 1) {
      const message = bytes(below(60));
      const body = below(4) === 0 ? message : dataFrame(message);
      const answer = await read(await post(`/sui.rpc.v2.${paths[below(paths.length)]}`, body));
      expect(answer.http).toBe(200);
      expect(answer.status).not.toBeNaN();
      expect(answer.status).not.toBe(13);
    }
  });

  it('answers every damaged transaction with a status', async () => {
    const { below } = seededRandom(`${NUMBER}`, 'transactions');
    const key = await sui.funded('victim', 1_000_000_000n);
    const tx = new Transaction();
    tx.transferObjects([tx.splitCoins(tx.gas, [1])[0]], key.toSuiAddress());
    tx.setSender(key.toSuiAddress());
    const whole = await tx.build({ client: sui.client });
    const height = sui.chain.ledger.height;
    for (let i = 0; i < (SOAK ? 20_000 : 400); i += 1) {
      const value = whole.slice(0, below(5) === 0 ? below(whole.length) : whole.length);
      for (let flips = below(4); flips >= 0; flips -= 1) value[below(value.length)] = below(256);
      const execution = GrpcTypes.ExecuteTransactionRequest.toBinary({
        transaction: { bcs: { value } },
        signatures: [],
      });
      const service = '/sui.rpc.v2.TransactionExecutionService';
      const executed = await read(
        await post(`${service}/ExecuteTransaction`, dataFrame(execution)),
      );
      expect([3, 12]).toContain(executed.status);
      const trial = GrpcTypes.SimulateTransactionRequest.toBinary({
        transaction: { bcs: { value } },
      });
      const tried = await read(await post(`${service}/SimulateTransaction`, dataFrame(trial)));
      expect([0, 3, 5, 12]).toContain(tried.status);
    }
    expect(sui.chain.ledger.height).toBe(height);
  });

  it('survives clients that leave in the middle', async () => {
    const server = await listen({ handler: sui.handler, port: 0, clock: systemClock });
    for (const end of ['destroy', 'end'] as const) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write(
        `POST ${INFO} HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\ncontent-type: ${BINARY}\r\ncontent-length: 500\r\n\r\nabc`,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket[end]();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await fetch(`${server.origin}${INFO}`, {
      method: 'POST',
      headers: { 'content-type': BINARY },
      body: dataFrame(new Uint8Array()) as Uint8Array<ArrayBuffer>,
    });
    expect((await read(answer)).status).toBe(0);
    await server.close();
  });
});
