import { TransactionDataBuilder } from '@mysten/sui/transactions';
import { signersToBitmap } from '../../protocol/committee.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { Contract } from '../contract.ts';
import { writeCommitment } from '../marker.ts';
import type {
  CertifyPlan,
  DeletePlan,
  ExtendPlan,
  GasPayment,
  MergeCoinsPlan,
  TransactionPlan,
} from '../plan.ts';
import { payTip, writeRegister } from './register.ts';
import { mergeAll, openPayment } from './wal-source.ts';
import { type Value, Writer } from './writer.ts';

/**
 * Writes a plan as the bytes that are signed. The same arguments give the same bytes.
 *
 * @param expirationEpoch last epoch of Sui in which they can be executed
 * @throws HauloutError 'argument-invalid' for a plan that no transaction can be
 */
export function buildTransaction(
  plan: TransactionPlan,
  contract: Contract,
  gas: GasPayment,
  expirationEpoch: bigint,
): Promise<Uint8Array> {
  const changesSystem = plan.kind === 'register' || plan.kind === 'extend';
  const writer = new Writer(contract, changesSystem);
  writePlan(writer, plan, contract);
  return writer.finish(plan.sender, gas, expirationEpoch);
}

/** Base58, the name under which the chain keeps a transaction. */
export function transactionDigest(bytes: Uint8Array): string {
  return TransactionDataBuilder.getDigestFromBytes(bytes);
}

function writePlan(writer: Writer, plan: TransactionPlan, contract: Contract): void {
  switch (plan.kind) {
    case 'register':
      writeRegister(writer, plan);
      break;
    case 'tip':
      writer.raw(writeCommitment(plan.tip));
      payTip(writer, plan.tip);
      break;
    case 'certify':
      writeCertify(writer, plan, contract);
      break;
    case 'hand-over': {
      const objects = plan.objects.map((object) => writer.owned(object));
      giveAway(writer, objects, plan.handOverTo, plan.changeTo);
      break;
    }
    case 'extend':
      writeExtend(writer, plan);
      break;
    case 'delete':
      writeDelete(writer, plan);
      break;
    case 'merge-coins':
      writeMerge(writer, plan);
  }
}

function writeCertify(writer: Writer, plan: CertifyPlan, { memberCount }: Contract): void {
  const certified = plan.blobs.map(({ blob, certificate }) => {
    const object = writer.owned(blob);
    writer.call(
      'system::certify_blob',
      writer.system,
      object,
      writer.bytes(certificate.signature),
      writer.bytes(signersToBitmap(certificate.signers, memberCount)),
      writer.bytes(certificate.message),
    );
    return object;
  });
  if (plan.handOverTo === undefined) return;
  const others = plan.uncertified.map((blob) => writer.owned(blob));
  giveAway(writer, [...certified, ...others], plan.handOverTo, plan.changeTo);
}

/** Objects and all SUI of the sender. */
function giveAway(writer: Writer, objects: readonly Value[], to: string, changeTo = to): void {
  if (changeTo === to) {
    writer.transfer([...objects, writer.gas], to);
  } else {
    writer.transfer(objects, to);
    writer.transfer([writer.gas], changeTo);
  }
}

function writeExtend(writer: Writer, plan: ExtendPlan): void {
  const payment = openPayment(writer, plan.payment, plan.sender);
  for (const { blob, epochs } of plan.blobs) {
    const object = writer.owned(blob);
    const count = writer.pure('u32', epochs);
    writer.call('system::extend_blob', writer.system, object, count, payment.coin);
  }
  payment.close();
}

function writeDelete(writer: Writer, plan: DeletePlan): void {
  const storages = plan.blobs.map((blob) =>
    writer.call('system::delete_blob', writer.system, writer.owned(blob)),
  );
  const change = plan.handOverTo === plan.sender ? [] : [writer.gas];
  writer.transfer([...storages, ...change], plan.handOverTo);
}

function writeMerge(writer: Writer, plan: MergeCoinsPlan): void {
  const [first, ...others] = plan.coins.map((coin) => writer.owned(coin));
  if (first === undefined || others.length === 0) {
    throw new HauloutError('argument-invalid', { name: 'coins', reason: 'fewer than two' });
  }
  mergeAll(writer, first, others);
}
