// Who passes on to whom. Queries: `nodes` (id, title, mainstat, secondarystat, color) and `edges` (id, source, target, mainstat, thickness).

import {
  ArcOptionBuilder,
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import type { Color, Unit } from '../style.ts';
import { framed, type PanelOptions } from './panel.ts';

export interface NodeGraphOptions extends PanelOptions {
  readonly nodeUnit: Unit;
  readonly nodeSecondUnit: Unit;
  readonly edgeUnit: Unit;
  /** Columns of shares, which add up to 1 and are drawn as a ring: `arc__time`, and their colors. */
  readonly arcs?: Readonly<Record<`arc__${string}`, Color>>;
}

export function nodeGraph(options: NodeGraphOptions): PanelBuilder {
  const { nodeUnit, nodeSecondUnit, edgeUnit, arcs = {} } = options;
  const ring = Object.entries(arcs).map(([field, color]) => new ArcOptionBuilder().field(field).color(color));
  return framed(new PanelBuilder(), options)
    .nodes(new NodeOptionsBuilder().mainStatUnit(nodeUnit).secondaryStatUnit(nodeSecondUnit).arcs(ring))
    .edges(new EdgeOptionsBuilder().mainStatUnit(edgeUnit));
}
