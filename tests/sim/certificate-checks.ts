import { verifyAggregate } from '../../src/protocol/certificate.ts';
import { readConfirmation } from '../../src/protocol/messages.ts';
import type { IntentFact } from '../../src/store/journal-facts.ts';
import type { CommitWatch } from './life.ts';
import { expectThat } from './violation.ts';
import type { World } from './world.ts';

/** I9: a certificate is not written down unless the contract takes it in its epoch. */
export function checkCertificates(world: World, writes: Parameters<CommitWatch>[2]): void {
  for (const { store, value } of writes) {
    const fact = value as IntentFact | undefined;
    if (store !== 'facts' || fact?.kind !== 'uploaded') continue;
    const { certificate } = fact;
    const { current } = world.network.life.port.state();
    if (current.epoch !== certificate.epoch) continue; // the epoch ended meanwhile
    const weight = certificate.signers
      .map((index) => current.members[index]?.weight ?? 0)
      .reduce((sum, each) => sum + each, 0);
    const isEnough = 3 * weight >= 2 * current.shardCount + 1;
    const isOfEpoch = readConfirmation(certificate.message)?.epoch === certificate.epoch;
    const isTaken = isEnough && isOfEpoch && verifyAggregate(current, certificate);
    expectThat(isTaken, 'I9', () => `a certificate of weight ${weight} that nobody takes`);
  }
}
