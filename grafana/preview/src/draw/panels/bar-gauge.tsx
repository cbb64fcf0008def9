import { type FieldDisplay, getDisplayValueAlignmentFactors, VizOrientation } from '@grafana/data';
import { BarGauge, BarGaugeDisplayMode, VizRepeater } from '@grafana/ui';
import type { BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';
import { displayValues } from './values.ts';

interface BarGaugeOptions {
  readonly orientation?: VizOrientation;
  readonly displayMode?: BarGaugeDisplayMode;
  readonly valueMode?: BarGaugeValueMode;
  readonly namePlacement?: BarGaugeNamePlacement;
  readonly showUnfilled?: boolean;
  readonly minVizHeight?: number;
  readonly maxVizHeight?: number;
}

const LIMITS = { sizing: { least: 16, most: 300 } } as const;

/** As Grafana's BarGaugePanel.tsx puts it together. */
export function BarGaugePanel({ panel, theme, timeZone, width, height }: VisualProps): JSX.Element {
  const options = panel.options as BarGaugeOptions;
  const { orientation = VizOrientation.Horizontal, displayMode = BarGaugeDisplayMode.Gradient } = options;
  return (
    <VizRepeater<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>
      getValues={() => displayValues({ panel, theme, timeZone, hasSparkline: false })}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      renderValue={({
        value,
        width: valueWidth,
        height: valueHeight,
        alignmentFactors,
        count,
        orientation: turned,
      }) => (
        <BarGauge
          value={value.display}
          width={valueWidth}
          height={valueHeight}
          orientation={turned}
          field={value.field}
          {...(value.view?.getFieldDisplayProcessor(value.colIndex ?? 0) === undefined
            ? {}
            : { display: value.view.getFieldDisplayProcessor(value.colIndex ?? 0) })}
          theme={theme}
          itemSpacing={displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10}
          lcdCellWidth={12}
          displayMode={displayMode}
          alignmentFactors={count > 1 ? alignmentFactors : undefined}
          showUnfilled={options.showUnfilled ?? true}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
        />
      )}
      source={panel.frames}
      renderCounter={0}
      width={width}
      height={height}
      maxVizHeight={options.maxVizHeight ?? LIMITS.sizing.most}
      minVizHeight={options.minVizHeight ?? LIMITS.sizing.least}
      minVizWidth={8}
      itemSpacing={displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10}
      orientation={orientation}
    />
  );
}
