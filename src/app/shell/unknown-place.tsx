import { Link } from 'wouter';
import { PLACES } from '../routes.ts';
import { useWords } from '../words.tsx';

/** For an address that leads nowhere. */
export function UnknownPlace() {
  const { say } = useWords();
  return (
    <>
      <h1>{say('app.unknownPlace')}</h1>
      <p>
        <Link href={PLACES.store}>{say('app.toStart')}</Link>
      </p>
    </>
  );
}
