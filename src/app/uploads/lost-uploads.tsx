import { useEffect, useState } from 'react';
import type { FoundRescue } from '../../engine/engine-api.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWallet } from '../wallet/use-wallet.ts';
import { useWords } from '../words.tsx';
import css from './found-upload.module.css';
import { useUploads } from './use-uploads.ts';

const c = classesOf(css);

/** Uploads that were paid with this wallet and that no notes are left of: the wallet alone gets them back. */
export function LostUploads() {
  const { uploads } = useServices();
  const { account } = useWallet();
  const { rescues } = useUploads();
  const address = account?.address;
  useEffect(() => {
    // Without an answer nothing is lost: the next page looks again.
    if (address !== undefined) void uploads.rescue().catch(() => undefined);
  }, [address, uploads]);
  if (address === undefined || rescues.length === 0) return null;
  return (
    <div className={c('open')}>
      {rescues.map((rescue) => (
        <LostUpload key={rescue.holder} rescue={rescue} />
      ))}
    </div>
  );
}

function LostUpload({ rescue }: { rescue: FoundRescue }) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const [isAsking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<unknown>();
  const { holder, blobs, suiMist } = rescue;
  const take = async () => {
    setAsking(true);
    setTrouble(undefined);
    await uploads.handOver(holder).catch(setTrouble);
    setAsking(false);
  };
  return (
    <section className={`card ${c('found')}`} data-lost={holder}>
      <h2>{say('lost.title', { n: blobs.length })}</h2>
      <p>{say('lost.what', { sui: formats.amount(suiMist, 'down') })}</p>
      <p className="hint">{say('lost.then')}</p>
      {trouble !== undefined && <TroubleCard error={trouble} />}
      <div className={c('actions')}>
        <Action kind="primary" isDisabled={isAsking} onPress={() => void take()}>
          {say('lost.take')}
        </Action>
      </div>
    </section>
  );
}
