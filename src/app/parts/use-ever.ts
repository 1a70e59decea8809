import { useState } from 'react';

/** Whether something is so, or was so before: what was shown once may go out in its own way. */
export function useEver(isNow: boolean): boolean {
  const [wasEver, setEver] = useState(isNow);
  if (isNow && !wasEver) setEver(true);
  return wasEver || isNow;
}
