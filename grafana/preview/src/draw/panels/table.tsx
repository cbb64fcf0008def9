import { TableCellHeight } from '@grafana/schema';
import type { TableSortByFieldState } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';

interface TableOptions {
  readonly frameIndex?: number;
  readonly showHeader?: boolean;
  readonly showTypeIcons?: boolean;
  readonly cellHeight?: TableCellHeight;
  readonly sortBy?: TableSortByFieldState[];
}

export function TablePanel({ panel, width, height }: VisualProps): JSX.Element {
  const options = panel.options as TableOptions;
  const frame = panel.frames[options.frameIndex ?? 0] ?? panel.frames[0];
  if (frame === undefined) return <div>No data</div>;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      noHeader={options.showHeader === false}
      showTypeIcons={options.showTypeIcons === true}
      cellHeight={options.cellHeight ?? TableCellHeight.Sm}
      {...(options.sortBy === undefined ? {} : { sortBy: options.sortBy })}
      timeRange={panel.range}
      fieldConfig={panel.fieldConfig}
      structureRev={1}
      enableVirtualization={false}
    />
  );
}
