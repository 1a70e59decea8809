import {
  type CSSProperties,
  type KeyboardEvent,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react';
import {
  GridList,
  GridListItem,
  ListLayout,
  type Selection,
  Virtualizer,
} from 'react-aria-components';
import { visibleName } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { DetailsSheet } from './details-sheet.tsx';
import css from './file-list.module.css';
import { FileRow } from './file-row.tsx';
import { type MenuTarget, RowMenu } from './row-menu.tsx';
import { useGrowing } from './use-growing.ts';
import { useQueue } from './use-queue.ts';
import { useRowSize } from './use-row-size.ts';

const c = classesOf(css);

interface Row {
  readonly id: string;
}

/** The files, of which only the visible ones are in the page. */
export function FileList() {
  const { queue } = useServices();
  const { say } = useWords();
  const order = useQueue((view) => view.order);
  const shown = useGrowing(order);
  const known = useRef(new Map<string, Row>());
  const [selected, setSelected] = useState<Selection>(new Set());
  const [detailsId, setDetailsId] = useState<string>();
  const [menu, setMenu] = useState<MenuTarget>();
  const openMenu = useCallback((id: string, button: HTMLElement) => setMenu({ id, button }), []);

  // Rows in trouble say why, so their height is measured; measuring is too slow to do it always.
  const frame = useRef<HTMLDivElement>(null);
  const size = useRowSize(frame);
  const isMeasured = useQueue((view) => view.totals.states.failed > 0);
  // A layout remembers heights, so each way of knowing them has its own.
  const layout = useMemo(
    () => ({ measured: new ListLayout<Row>(), fixed: new ListLayout<Row>() }),
    [],
  );
  const options = useMemo(
    () => (isMeasured ? { estimatedRowSize: size } : { rowSize: size }),
    [isMeasured, size],
  );

  // The same object for the same file: rows that stay are then not built again.
  const rows = useMemo(() => {
    const before = known.current;
    known.current = new Map(shown.map((id) => [id, before.get(id) ?? { id }]));
    return [...known.current.values()];
  }, [shown]);

  const removeByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return;
    const row = (event.target as Element).closest('[role=row]')?.getAttribute('data-key');
    if (row == null) return;
    event.preventDefault();
    const isMarked = selected === 'all' || selected.has(row);
    const ids = selected === 'all' ? order : isMarked ? [...selected].map(String) : [row];
    queue.remove(ids);
    setSelected(new Set());
  };

  const renderRow = useCallback(
    (row: Row) => (
      <GridListItem
        id={row.id}
        textValue={visibleName(queue.item(row.id)?.file.name ?? '')}
        className={c('row')}
        onAction={() => setDetailsId(row.id)}
      >
        <FileRow id={row.id} onMenu={openMenu} />
      </GridListItem>
    ),
    [queue, openMenu],
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to keys that rows let through
    <div
      ref={frame}
      className={c('frame')}
      style={{ '--row-size': `${size}px` } as CSSProperties}
      onKeyDown={removeByKey}
      {...(isMeasured ? { 'data-measured': '' } : {})}
    >
      <Virtualizer
        layout={isMeasured ? layout.measured : layout.fixed}
        layoutOptions={options}
        shouldObserveItemSize={isMeasured}
      >
        <GridList
          aria-label={say('list.label')}
          className={c('list')}
          items={rows}
          selectionMode="multiple"
          selectedKeys={selected}
          onSelectionChange={setSelected}
        >
          {renderRow}
        </GridList>
      </Virtualizer>
      <RowMenu target={menu} onClose={() => setMenu(undefined)} onDetails={setDetailsId} />
      <DetailsSheet id={detailsId} onClose={() => setDetailsId(undefined)} />
    </div>
  );
}
