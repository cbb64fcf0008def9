// Who passes on to whom. Queries: `nodes` (id, title, mainstat, secondarystat, color) and `edges` (id, source, target, mainstat, thickness).

import { EdgeOptionsBuilder, NodeOptionsBuilder, PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import type { Unit } from '../style.ts';
import { framed, type PanelOptions } from './panel.ts';

export interface NodeGraphOptions extends PanelOptions {
  readonly nodeUnit: Unit;
  readonly nodeSecondUnit: Unit;
  readonly edgeUnit: Unit;
}

export function nodeGraph(options: NodeGraphOptions): PanelBuilder {
  const { nodeUnit, nodeSecondUnit, edgeUnit } = options;
  return framed(new PanelBuilder(), options)
    .nodes(new NodeOptionsBuilder().mainStatUnit(nodeUnit).secondaryStatUnit(nodeSecondUnit).arcs([]))
    .edges(new EdgeOptionsBuilder().mainStatUnit(edgeUnit));
}
