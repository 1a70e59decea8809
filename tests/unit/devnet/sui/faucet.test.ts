import { beforeAll, describe, expect, it } from 'vitest';
import { SUI_TYPE } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { faucetHandler } from '../../../../src/devnet/sui/wire/faucet-handler.ts';
import type { Handler } from '../../../../src/devnet/sui/wire/handler.ts';
import { localSui } from '../../../support/devnet/local-sui.ts';

describe('the faucet', () => {
  let handler: Handler;
  beforeAll(async () => {
    const { faucet } = await localSui();
    handler = faucetHandler(faucet, [{ coinType: SUI_TYPE, amount: 7n }]);
  });

  const post = async (body: BodyInit, path = '/v2/gas') => {
    const init = { method: 'POST', body, duplex: 'half' };
    const response = await handler(new Request(`http://faucet.test${path}`, init));
    return { status: response.status, answer: await response.json() };
  };

  it('says what is wrong with a request', async () => {
    const cases: [BodyInit, RegExp][] = [
      ['', /recipient "" is not an address/],
      ['{', /is not an address/],
      ['null', /is not an address/],
      ['{"FixedAmountRequest":{"recipient":7}}', /is not an address/],
      ['{"FixedAmountRequest":{"recipient":"0xzz"}}', /"0xzz" is not an address/],
    ];
    for (const [body, words] of cases) {
      const { status, answer } = await post(body);
      expect([status, answer.coins_sent]).toEqual([400, null]);
      expect(answer.status.Failure.internal).toMatch(words);
    }
    expect((await post('{}', '/v1/gas')).status).toBe(404);
  });

  it('does not read a body that goes on and on', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1_024;
        controller.enqueue(new Uint8Array(1_024).fill(32));
      },
    });
    const { status, answer } = await post(endless);
    expect(status).toBe(400);
    expect(answer.status.Failure.internal).toMatch(/larger than 4096 bytes/);
    expect(sent).toBeLessThan(10_000);
  });

  it('gives everybody who asks at once', async () => {
    const asked = Array.from({ length: 5 }, (_, i) =>
      post(JSON.stringify({ FixedAmountRequest: { recipient: `0x${i + 1}` } })),
    );
    for (const { status, answer } of await Promise.all(asked)) {
      expect([status, answer.coins_sent[0].amount]).toEqual([200, 7]);
    }
  });
});
