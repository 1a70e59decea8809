import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWords } from '../words.tsx';
import { Action } from './action.tsx';
import { classesOf } from './classes.ts';
import { Icon } from './icon.tsx';
import { X } from './icons.ts';
import css from './sheet.module.css';

const c = classesOf(css);

export interface SheetProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** whether a press beside it closes it; it does if absent */
  readonly isDismissable?: boolean;
  readonly children: ReactNode;
}

/** A layer over the page: from below on a phone, in the middle on wider screens. */
export function SheetLayer({ title, isOpen, onClose, isDismissable = true, children }: SheetProps) {
  const { say } = useWords();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={isDismissable}
      className={c('overlay')}
    >
      <Modal className={c('modal')}>
        <Dialog className={c('dialog')}>
          <div className={c('head')}>
            <Heading slot="title" level={2} className={c('title')}>
              {title}
            </Heading>
            <Action kind="icon" onPress={onClose} aria-label={say('details.close')}>
              <Icon of={X} />
            </Action>
          </div>
          <div className={c('body')}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
