import { drawQr } from '../../presentation/qr-code.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './qr-code.module.css';

const c = classesOf(css);

interface QrCodeProps {
  readonly link: string;
  /** of the file behind the link */
  readonly name: string;
}

/** A link for the camera of a phone, and the same as text. */
export function QrCode({ link, name }: QrCodeProps) {
  const { say } = useWords();
  const { path, size } = drawQr(link);
  return (
    <>
      <svg
        className={c('code')}
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={say('qr.name', { name })}
      >
        <rect className={c('light')} width={size} height={size} />
        <path className={c('dark')} d={path} shapeRendering="crispEdges" />
      </svg>
      <p>{say('qr.how')}</p>
      <p className={c('link')}>
        <bdi dir="ltr" translate="no">
          {link}
        </bdi>
      </p>
    </>
  );
}
