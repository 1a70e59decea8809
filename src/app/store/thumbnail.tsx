import { useEffect, useRef, useState } from 'react';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import {
  FileArchive,
  File as FileIcon,
  FileMusic,
  FileText,
  Image,
  type LucideIcon,
  Video,
} from '../parts/icons.ts';
import css from './thumbnail.module.css';
import { canPicture, makeThumbnail } from './thumbnails.ts';

const c = classesOf(css);

/** A small picture of an image or video, else an icon of its kind. Decoration only. */
export function Thumbnail({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<File>();
  useEffect(() => {
    if (!canPicture(file)) return;
    const stop = new AbortController();
    makeThumbnail(file, stop.signal).then(
      (bitmap) => {
        if (stop.signal.aborted || canvas.current === null) return;
        draw(canvas.current, bitmap);
        setShown(file);
      },
      () => {}, // damaged, or of a kind this browser does not show: the icon stays
    );
    return () => stop.abort();
  }, [file]);
  const isShown = shown === file;
  return (
    <div className={c('frame')} aria-hidden="true" {...(isShown ? { 'data-picture': '' } : {})}>
      {!isShown && <Icon of={iconFor(file)} size={22} />}
      <canvas ref={canvas} className={c('picture')} hidden={!isShown} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  const side = Math.min(bitmap.width, bitmap.height);
  canvas.width = side;
  canvas.height = side;
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  canvas.getContext('2d')?.drawImage(bitmap, x, y, side, side, 0, 0, side, side);
}

function iconFor(file: File): LucideIcon {
  const [kind = ''] = file.type.split('/');
  if (kind === 'image') return Image;
  if (kind === 'video') return Video;
  if (kind === 'audio') return FileMusic;
  if (/zip|tar|gzip|compressed/.test(file.type)) return FileArchive;
  return kind === 'text' || /pdf|json|document/.test(file.type) ? FileText : FileIcon;
}
