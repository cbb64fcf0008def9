import { type FieldDisplay, getDisplayValueAlignmentFactors, VizOrientation } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
  VizRepeater,
} from '@grafana/ui';
import type { JSX } from 'react';
import type { VisualProps } from '../panel-box.tsx';
import { displayValues } from './values.ts';

interface StatOptions {
  readonly graphMode?: BigValueGraphMode;
  readonly colorMode?: BigValueColorMode;
  readonly justifyMode?: BigValueJustifyMode;
  readonly textMode?: BigValueTextMode;
  readonly wideLayout?: boolean;
  readonly orientation?: VizOrientation;
}

/** As Grafana's StatPanel.tsx puts it together. */
export function StatPanel({ panel, theme, timeZone, width, height }: VisualProps): JSX.Element {
  const options = panel.options as StatOptions;
  const {
    graphMode = BigValueGraphMode.Area,
    colorMode = BigValueColorMode.Value,
    orientation = VizOrientation.Auto,
  } = options;
  return (
    <VizRepeater<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>
      getValues={() => displayValues({ panel, theme, timeZone, hasSparkline: graphMode !== BigValueGraphMode.None })}
      getAlignmentFactors={(values) =>
        getDisplayValueAlignmentFactors(values.map(({ display }) => ({ display })) as FieldDisplay[])
      }
      renderValue={({ value, width: valueWidth, height: valueHeight, count, alignmentFactors }) => (
        <BigValue
          value={value.display}
          count={count}
          {...(value.sparkline === undefined ? {} : { sparkline: value.sparkline })}
          colorMode={colorMode}
          graphMode={graphMode}
          justifyMode={options.justifyMode}
          textMode={options.textMode}
          alignmentFactors={alignmentFactors}
          disableWideLayout={options.wideLayout === false}
          width={valueWidth}
          height={valueHeight}
          theme={theme}
        />
      )}
      source={panel.frames}
      itemSpacing={3}
      renderCounter={0}
      autoGrid
      orientation={orientation}
      width={width}
      height={height}
    />
  );
}
