import { Link } from 'wouter';
import type { MessageKey } from '../../presentation/messages.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Minus, ShieldCheck, TriangleAlert } from '../parts/icons.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { openedPlace } from '../routes.ts';
import { useWords } from '../words.tsx';
import css from './open-place.module.css';
import { isContradicted, type ReceiptState } from './receipt-desk.ts';

const c = classesOf(css);

type Held = Extract<ReceiptState, { kind: 'holds' }>;

/** What the receipt proves by itself, and what the chain says to the rest. */
export function ReceiptResult({ state }: { readonly state: Held }) {
  const { say, formats } = useWords();
  const { receipt } = state.offline;
  const { committee, signers } = receipt;
  const weight = signers.reduce((sum, at) => sum + (committee.members[at]?.weight ?? 0), 0);
  return (
    <div className={c('result')}>
      <section className="card" data-offline="">
        {isContradicted(state) ? (
          <h2 className={c('bad')} data-denied="">
            <Icon of={TriangleAlert} />
            {say('receipt.denied')}
          </h2>
        ) : (
          <h2 className={c('good')}>
            <Icon of={ShieldCheck} />
            {say('receipt.holds')}
          </h2>
        )}
        <p>
          {say('receipt.holdsWhy', {
            weight: formats.count(weight),
            all: formats.count(committee.shardCount),
            period: formats.count(committee.epoch),
          })}
        </p>
        <dl className={c('facts')}>
          <div>
            <dt>{say('receipt.blob')}</dt>
            <dd>
              <BlobId id={receipt.blobId} isWhole />
            </dd>
          </div>
          <div>
            <dt>{say('receipt.size')}</dt>
            <dd className="numeric">{formats.exactBytes(receipt.unencodedBytes)}</dd>
          </div>
          <div>
            <dt>{say('receipt.kind')}</dt>
            <dd>{say(receipt.deletable ? 'receipt.deletable' : 'receipt.permanent')}</dd>
          </div>
        </dl>
        <p className="hint">{say('receipt.limits')}</p>
        <p>
          <Link href={openedPlace(receipt.blobId)}>{say('receipt.lookUp')}</Link>
        </p>
      </section>
      <OnChain state={state} />
    </div>
  );
}

function OnChain({ state: { onChain, error } }: { readonly state: Held }) {
  const { say } = useWords();
  const trouble = onChain?.status === 'unavailable' ? onChain.error : error;
  return (
    <section className="card" data-on-chain={onChain?.status ?? 'asking'}>
      <h2 className="label">{say('receipt.onChain')}</h2>
      {trouble !== undefined && <TroubleCard isInRow error={trouble} />}
      {onChain === undefined && trouble === undefined && (
        <p className="hint">{say('receipt.asking')}</p>
      )}
      {onChain?.status === 'answered' && (
        <ul className={c('checks')}>
          {onChain.checks.map(({ field, verdict }) => (
            <li key={field} data-check={field} data-verdict={verdict}>
              <Icon of={ICONS[verdict]} size={18} />
              <span>
                {say(FIELDS[field] ?? 'receipt.field.other')}{' '}
                <strong>{say(`receipt.verdict.${verdict}`)}</strong>
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="hint">{say('receipt.onChainLimits')}</p>
    </section>
  );
}

const ICONS = { holds: ShieldCheck, differs: TriangleAlert, unknown: Minus } as const;

const FIELDS: Readonly<Record<string, MessageKey>> = {
  chainId: 'receipt.field.chainId',
  'committee.members': 'receipt.field.committee',
  certifyDigest: 'receipt.field.certifyDigest',
  registerDigest: 'receipt.field.registerDigest',
  blobObjectId: 'receipt.field.blobObjectId',
  deletable: 'receipt.field.deletable',
  endEpoch: 'receipt.field.endEpoch',
  owner: 'receipt.field.owner',
};
