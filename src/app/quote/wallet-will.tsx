import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { Quote } from '../../flows/store/types.ts';
import { shortAddress } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './more.module.css';

const c = classesOf(css);

/** What stands in the transaction that the wallet is asked to sign. */
export function WalletWill({ quote }: { quote: Quote }) {
  const { say, formats } = useWords();
  const { files, cost, payer = '' } = quote;
  const isOf = (standing: string) => files.filter((file) => file.standing === standing).length;
  const [fresh, extended, begun] = [isOf('new'), isOf('extendable'), isOf('registered')];
  const address = shortAddress(payer);
  const lines = [
    ...(fresh > 0 ? [say('wallet.willReserve', { n: fresh })] : []),
    ...(fresh > 0 ? [say('wallet.willRegister', { n: fresh })] : []),
    ...(extended > 0 ? [say('wallet.willExtend', { n: extended })] : []),
    ...(begun > 0 ? [say('wallet.willCertify', { n: begun })] : []),
    ...(cost.exchangeMist > 0n
      ? [say('wallet.willSwap', { sui: formats.amount(cost.exchangeMist, 'up') })]
      : []),
    ...(cost.stipendMist > 0n
      ? [
          say('wallet.willLend', {
            sui: formats.amount(cost.stipendMist, 'up'),
            n: fresh,
            address,
          }),
        ]
      : []),
  ];
  return (
    <Disclosure className={c('more')}>
      <Heading>
        <Button slot="trigger" className={c('trigger')}>
          {say('wallet.will')}
        </Button>
      </Heading>
      <DisclosurePanel>
        <ul className={c('lines')}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
