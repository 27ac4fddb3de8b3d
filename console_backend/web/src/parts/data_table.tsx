import { Checkbox } from '@mantine/core'
import {
  flexRender,
  getCoreRowModel,
  useReactTable,
  type Cell,
  type ColumnDef,
  type Row,
  type RowData,
  type RowSelectionState,
} from '@tanstack/react-table'
import type { MouseEvent } from 'react'
import classes from './data_table.module.css'

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the library's parameters have to be repeated
  interface ColumnMeta<TData extends RowData, TValue> {
    // Pixels; columns without one share what is left.
    width?: number
    align?: 'right'
    // The column whose content opens the row's details: the way there for the keyboard.
    opens?: 'name' | 'plain'
  }
}

export type Selection = { selected: string[]; onSelect: (ids: string[]) => void; label: (id: string) => string }

type Props<Item> = {
  label: string
  columns: ColumnDef<Item>[]
  items: Item[]
  idOf: (item: Item) => string
  // Narrower than this, the table scrolls sideways.
  minWidth: number
  onOpen?: (item: Item) => void
  openId?: string | undefined
  selection?: Selection
}

// Rows of one height under a head that stays. The widths are fixed, so that nothing moves when rows arrive.
export function DataTable<Item>({ label, columns, items, idOf, minWidth, onOpen, openId, selection }: Props<Item>) {
  // eslint-disable-next-line react-hooks/incompatible-library -- the table's functions change with its state; none is memoised here
  const table = useReactTable({
    data: items,
    columns,
    getRowId: idOf,
    getCoreRowModel: getCoreRowModel(),
    enableRowSelection: selection !== undefined,
    state: { rowSelection: Object.fromEntries(selection?.selected.map((id) => [id, true]) ?? []) },
    onRowSelectionChange: (update) => {
      const before: RowSelectionState = Object.fromEntries(selection?.selected.map((id) => [id, true]) ?? [])
      const after = typeof update === 'function' ? update(before) : update
      selection?.onSelect(Object.keys(after).filter((id) => after[id]))
    },
  })
  return (
    <table className={classes.table} aria-label={label} style={{ minWidth }}>
      <colgroup>
        {selection && <col style={{ width: 44 }} />}
        {table.getAllLeafColumns().map((column) => (
          <col key={column.id} style={{ width: column.columnDef.meta?.width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {selection && (
            <th>
              <Checkbox
                size="xs"
                aria-label="Select all rows"
                checked={table.getIsAllRowsSelected()}
                indeterminate={table.getIsSomeRowsSelected()}
                onChange={table.getToggleAllRowsSelectedHandler()}
              />
            </th>
          )}
          {table.getFlatHeaders().map((header) => (
            <th key={header.id} scope="col" data-align={header.column.columnDef.meta?.align}>
              {flexRender(header.column.columnDef.header, header.getContext())}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <BodyRow key={row.id} row={row} onOpen={onOpen} open={row.id === openId} selection={selection} />
        ))}
      </tbody>
    </table>
  )
}

function BodyRow<Item>({
  row,
  onOpen,
  open,
  selection,
}: {
  row: Row<Item>
  onOpen: ((item: Item) => void) | undefined
  open: boolean
  selection: Selection | undefined
}) {
  // A click anywhere in the row opens it, but for what has an action of its own, and not while text is being marked.
  const click = (event: MouseEvent) => {
    const own = event.target instanceof Element && event.target.closest('button, a, input, label')
    if (!own && window.getSelection()?.isCollapsed !== false) onOpen?.(row.original)
  }
  return (
    <tr data-open={open || undefined} data-opens={onOpen ? true : undefined} onClick={onOpen && click} data-id={row.id}>
      {selection && (
        <td>
          <Checkbox
            size="xs"
            aria-label={`Select ${selection.label(row.id)}`}
            checked={row.getIsSelected()}
            onChange={row.getToggleSelectedHandler()}
          />
        </td>
      )}
      {row.getVisibleCells().map((cell) => (
        <td key={cell.id} data-align={cell.column.columnDef.meta?.align}>
          <Content cell={cell} onOpen={onOpen} />
        </td>
      ))}
    </tr>
  )
}

function Content<Item>({ cell, onOpen }: { cell: Cell<Item, unknown>; onOpen: ((item: Item) => void) | undefined }) {
  const content = flexRender(cell.column.columnDef.cell, cell.getContext())
  if (!cell.column.columnDef.meta?.opens || !onOpen) return content
  return (
    <button type="button" className={classes.open} data-opens={cell.column.columnDef.meta.opens} onClick={() => onOpen(cell.row.original)}>
      {content}
    </button>
  )
}
