import { shortBlobId } from '../../presentation/names.ts';

/** A blob ID as text: always left to right, never translated. */
export function BlobId(props: { id: string; isWhole?: boolean }) {
  return (
    <bdi dir="ltr" translate="no" className={props.isWhole ? 'mono whole-id' : 'mono'}>
      {props.isWhole ? props.id : shortBlobId(props.id)}
    </bdi>
  );
}
