import { useBase } from '../base.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './network-chip.module.css';

const c = classesOf(css);
export const NETWORK_NAMES = {
  mainnet: 'network.mainnet',
  testnet: 'network.testnet',
  localnet: 'network.localnet',
} as const;

/** The page's network in words. */
export function useNetworkName(): string {
  const { say } = useWords();
  return say(NETWORK_NAMES[useBase().network.name]);
}

/** Says that this is not where money is: seen everywhere but on Mainnet, which only screen readers hear. */
export function NetworkChip() {
  const { say } = useWords();
  const { name } = useBase().network;
  const network = useNetworkName();
  return (
    <span className={name === 'mainnet' ? 'visually-hidden' : c('chip')} data-network={name}>
      <span className="visually-hidden">{say('network.label')} </span>
      {network}
    </span>
  );
}
