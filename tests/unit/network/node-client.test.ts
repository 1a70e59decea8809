import { describe, expect, it } from 'vitest';
import { limitedTransport } from '../../../src/network/limited-transport.ts';
import { NodeClient } from '../../../src/network/node-client.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { asRequest } from '../../support/as-request.ts';

const ID = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
const OBJECT = `0x${'2a'.repeat(32)}`;
const { signal } = new AbortController();
const PUT = { pending: true, idleMs: 1_000 };

function node(answer: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const transport = limitedTransport(async (plain) => {
    const request = asRequest(plain);
    asked.push(request);
    return answer(request);
  }, systemClock);
  return { client: new NodeClient(transport, 'https://node.test:9185', ID, 1_000), asked };
}
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const success = (data: unknown, code = 200) => json({ success: { code, data } }, code);
const page = (status = 200) =>
  new Response('<html></html>', { status, headers: { 'content-type': 'text/html' } });
const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (isHauloutError(error) ? { code: error.code, ...error.detail } : error),
  );

describe('NodeClient', () => {
  it('asks with the paths of a node', async () => {
    const { client, asked } = node(() => success('stored'));
    const place = { pair: 73, axis: 'secondary' } as const;
    await client.putMetadata(new Uint8Array(3), PUT, signal);
    await client.putSliver(place, new Uint8Array(4), { ...PUT, pending: false }, signal);
    await client.putSliver(place, new Blob(['12345']), PUT, signal);
    await client.metadataStatus(signal);
    await client.sliverStatus(place, signal);
    await failed(client.confirmation({ objectId: undefined, waitMs: 0 }, signal));
    await failed(client.confirmation({ objectId: OBJECT, waitMs: 4_000 }, signal));
    const base = `https://node.test:9185/v1/blobs/${ID}`;
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `PUT ${base}/metadata?pending=true`,
      `PUT ${base}/slivers/73/secondary`,
      `PUT ${base}/slivers/73/secondary?pending=true`,
      `GET ${base}/metadata/status`,
      `GET ${base}/slivers/73/secondary/status`,
      `GET ${base}/confirmation/permanent`,
      `GET ${base}/confirmation/deletable/${OBJECT}?wait_for_registration=true&wait_millis=4000`,
    ]);
    expect(asked[0]?.headers.get('content-type')).toBe('application/octet-stream');
    expect(await asked[2]?.text()).toBe('12345');
  });

  it('tells what was there from what is new and from what is only kept in memory', async () => {
    for (const [status, taken] of [
      [200, 'already'],
      [201, 'stored'],
      [202, 'buffered'],
    ] as const) {
      const { client } = node(() => success('words', status));
      expect(await client.putMetadata(new Uint8Array(1), PUT, signal)).toBe(taken);
    }
  });

  it('gives the node’s own reason, and none for the answers of others', async () => {
    const details = [{ '@type': 'ErrorInfo', reason: 'NOT_REGISTERED', domain: 'x', metadata: {} }];
    const envelope = { error: { code: 400, status: 'FAILED_PRECONDITION', message: '', details } };
    const host = 'node.test:9185';
    const { client } = node(() => json(envelope, 400));
    expect(await failed(client.metadataStatus(signal))).toEqual({
      ...{ code: 'node-refused', host, status: 400, reason: 'NOT_REGISTERED' },
    });
    const others: Response[] = [
      page(502),
      new Response('too many', { status: 429 }),
      json({ error: { details: [{ reason: '<b>' }] } }, 400),
      json(null, 404),
      new Response(null, { status: 503 }),
    ];
    for (const other of others) {
      const { status } = other;
      const { client } = node(() => other);
      expect(await failed(client.metadataStatus(signal))).toEqual({
        ...{ code: 'node-refused', host, status },
      });
    }
  });

  it.each([
    ['a page', 'not-json', page()],
    [
      'broken JSON',
      'not-json',
      new Response('{', { headers: { 'content-type': 'application/json' } }),
    ],
    ['no envelope', 'shape', json({ data: 'stored' })],
    ['another word', 'shape', success('Stored')],
    ['nothing', 'shape', json(null)],
  ])('does not take %s for a success', async (_, reason, response) => {
    const { client } = node(() => response);
    const detail = { code: 'answer-unusable', host: 'node.test:9185', reason };
    expect(await failed(client.metadataStatus(signal))).toEqual(detail);
  });

  it('does not take a page for a put', async () => {
    const { client } = node(() => page(201));
    expect(await failed(client.putMetadata(new Uint8Array(1), PUT, signal))).toMatchObject({
      reason: 'not-json',
    });
  });

  it('reads a confirmation, and refuses what is none', async () => {
    const signed = { serializedMessage: btoa('message'), signature: btoa('signature') };
    const { client } = node(() => success({ signed }));
    const got = await client.confirmation({ objectId: undefined, waitMs: 0 }, signal);
    expect(Buffer.from(got.message).toString()).toBe('message');
    expect(Buffer.from(got.signature).toString()).toBe('signature');
    for (const data of [{}, { signed: {} }, { signed: { ...signed, signature: '*' } }, 'signed']) {
      const { client } = node(() => success(data));
      const work = client.confirmation({ objectId: undefined, waitMs: 0 }, signal);
      expect(await failed(work)).toMatchObject({ code: 'answer-unusable', reason: 'shape' });
    }
  });

  it('reads the status of a blob', async () => {
    const deletableCounts = { count_deletable_total: 2, count_deletable_certified: 1 };
    const deletable = { total: 2, certified: 1 };
    const event = { txDigest: 'x', eventSeq: '0' };
    const common = { deletableCounts, initialCertifiedEpoch: null };
    for (const [data, status] of [
      ['nonexistent', { kind: 'nonexistent' }],
      [{ invalid: { event } }, { kind: 'invalid' }],
      [{ deletable: common }, { kind: 'deletable', deletable, initialCertifiedEpoch: undefined }],
      [
        {
          permanent: {
            ...common,
            initialCertifiedEpoch: 34,
            endEpoch: 35,
            isCertified: true,
            statusEvent: event,
          },
        },
        {
          kind: 'permanent',
          deletable,
          initialCertifiedEpoch: 34,
          endEpoch: 35,
          isCertified: true,
        },
      ],
    ]) {
      const { client } = node(() => success(data));
      expect(await client.blobStatus(signal)).toEqual(status);
    }
    for (const data of [
      'stored',
      {},
      { permanent: { ...common, isCertified: true } },
      { deletable: {} },
    ]) {
      const { client } = node(() => success(data));
      expect(await failed(client.blobStatus(signal))).toMatchObject({ reason: 'shape' });
    }
  });

  it('reads no more bytes than there can be, and only bytes', async () => {
    const bytes = (length: number, type = 'application/octet-stream') =>
      new Response(new Uint8Array(length), { headers: { 'content-type': type } });
    const place = { pair: 1, axis: 'primary' } as const;
    const good = node(() => bytes(100));
    expect(await good.client.sliver(place, 100, signal)).toHaveLength(100);
    const long = node(() => bytes(101));
    expect(await failed(long.client.sliver(place, 100, signal))).toMatchObject({
      reason: 'too-long',
    });
    const html = node(() => bytes(100, 'text/html'));
    expect(await failed(html.client.metadata(100, signal))).toMatchObject({ reason: 'not-bytes' });
  });
});
