// Look-alike of Grafana's node graph: nodes in layers from left to right, lines between them as thick as they are used.

import { type DataFrame, formattedValueToString, getValueFormat, type GrafanaTheme2 } from '@grafana/data';
import type { JSX } from 'react';
import { cellText } from '../../collect/cell-text.ts';
import type { VisualProps } from '../panel-box.tsx';

interface GraphOptions {
  readonly nodes?: { readonly mainStatUnit?: string; readonly secondaryStatUnit?: string };
  readonly edges?: { readonly mainStatUnit?: string; readonly secondaryStatUnit?: string };
}

interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly main: string;
  readonly second: string;
  /** Empty where the query has none. */
  readonly color: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

interface Edge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly amount: number;
  readonly text: string;
}

const RADIUS_MAX = 34;
const RADIUS_MIN = 15;
/** A name below its node. */
const TITLE_PIXELS = 20;

export function NodeGraphPanel({ panel, theme, width, height }: VisualProps): JSX.Element {
  const options = panel.options as GraphOptions;
  const nodeFrame = frameOf(panel.frames, 'nodes');
  const edgeFrame = frameOf(panel.frames, 'edges');
  if (nodeFrame === undefined || edgeFrame === undefined)
    return <div data-failure="">Data has no nodes or no edges</div>;
  const edges = edgesOf(edgeFrame, options);
  const nodes = placed(nodesOf(nodeFrame, options), edges, { width, height });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const most = Math.max(1, ...edges.map(({ amount }) => amount));
  return (
    <svg width={width} height={height} style={{ display: 'block' }}>
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M 0 0 L 10 5 L 0 10 z" fill={theme.colors.text.secondary} />
        </marker>
      </defs>
      {edges.map((edge) => (
        <Line
          key={edge.id}
          {...{ edge, theme, share: edge.amount / most }}
          from={byId.get(edge.source)}
          to={byId.get(edge.target)}
        />
      ))}
      {nodes.map((node) => (
        <Circle key={node.id} {...{ node, theme }} />
      ))}
    </svg>
  );
}

function Circle({ node, theme }: { readonly node: GraphNode; readonly theme: GrafanaTheme2 }): JSX.Element {
  const { colors } = theme;
  const hasSecond = node.second !== '' && node.radius > 20;
  const color = theme.visualization.getColorByName(node.color === '' ? 'blue' : node.color);
  return (
    <g textAnchor="middle">
      <circle cx={node.x} cy={node.y} r={node.radius} fill={colors.background.primary} stroke={color} strokeWidth={3} />
      <text x={node.x} y={node.y + (hasSecond ? -2 : 4)} fontSize={12} fontWeight={500} fill={colors.text.primary}>
        {node.main}
      </text>
      <text x={node.x} y={node.y + 13} fontSize={node.radius > 24 ? 11 : 9} fill={colors.text.secondary}>
        {hasSecond ? node.second : ''}
      </text>
      <text x={node.x} y={node.y + node.radius + 14} fontSize={12} fill={colors.text.primary}>
        {node.title}
      </text>
    </g>
  );
}

interface LineProps {
  readonly edge: Edge;
  readonly theme: GrafanaTheme2;
  readonly share: number;
  readonly from: GraphNode | undefined;
  readonly to: GraphNode | undefined;
}

/** Bent, so that two in opposite directions do not lie on each other. */
function Line({ edge, theme, share, from, to }: LineProps): JSX.Element | null {
  if (from === undefined || to === undefined || from === to) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(46, length / 5);
  const middle = { x: (from.x + to.x) / 2 - (dy / length) * bend, y: (from.y + to.y) / 2 + (dx / length) * bend };
  const start = towards(from, middle, from.radius + 2);
  const end = towards(to, middle, to.radius + 4);
  const text = { x: (start.x + 2 * middle.x + end.x) / 4, y: (start.y + 2 * middle.y + end.y) / 4 + 4 };
  return (
    <g>
      <path
        d={`M ${start.x} ${start.y} Q ${middle.x} ${middle.y} ${end.x} ${end.y}`}
        fill="none"
        stroke={theme.colors.text.disabled}
        strokeWidth={1 + 5 * share}
        markerEnd="url(#arrow)"
      />
      <text
        {...text}
        textAnchor="middle"
        fontSize={11}
        fill={theme.colors.text.primary}
        stroke={theme.colors.background.primary}
        strokeWidth={4}
        paintOrder="stroke"
      >
        {edge.text}
      </text>
    </g>
  );
}

function towards(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  distance: number,
): { x: number; y: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) / length) * distance, y: from.y + ((to.y - from.y) / length) * distance };
}

function frameOf(frames: readonly DataFrame[], kind: 'nodes' | 'edges'): DataFrame | undefined {
  return (
    frames.find(({ refId }) => refId === kind) ??
    frames.find(({ fields }) => fields.some(({ name }) => name === 'source') === (kind === 'edges'))
  );
}

function columnOf(frame: DataFrame, name: string): readonly unknown[] {
  return frame.fields.find((field) => field.name.toLowerCase() === name)?.values ?? [];
}

type Bare = Omit<GraphNode, 'x' | 'y' | 'radius'>;

function nodesOf(frame: DataFrame, { nodes = {} }: GraphOptions): readonly Bare[] {
  const [titles, mains, seconds, colors] = ['title', 'mainstat', 'secondarystat', 'color'].map((name) =>
    columnOf(frame, name),
  );
  return columnOf(frame, 'id').map((id, row) => ({
    id: cellText(id),
    title: cellText(titles?.[row] ?? id),
    main: formatted(mains?.[row], nodes.mainStatUnit),
    second: formatted(seconds?.[row], nodes.secondaryStatUnit),
    color: cellText(colors?.[row]),
  }));
}

function edgesOf(frame: DataFrame, { edges = {} }: GraphOptions): readonly Edge[] {
  const [sources, targets, mains, thicknesses] = ['source', 'target', 'mainstat', 'thickness'].map((name) =>
    columnOf(frame, name),
  );
  return columnOf(frame, 'id').map((id, row) => ({
    id: cellText(id),
    source: cellText(sources?.[row]),
    target: cellText(targets?.[row]),
    amount: Number(thicknesses?.[row] ?? mains?.[row] ?? 1),
    text: formatted(mains?.[row], edges.mainStatUnit),
  }));
}

function formatted(value: unknown, unit = 'short'): string {
  return typeof value === 'number' ? formattedValueToString(getValueFormat(unit)(value)) : cellText(value);
}

/** In layers by how far a node is from where the most begins; up and down within a layer. */
function placed(
  nodes: readonly Bare[],
  edges: readonly Edge[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly GraphNode[] {
  const layers = new Map<string, number>();
  const surplus = (id: string): number =>
    edges.reduce(
      (sum, { source, target, amount }) => sum + (source === id ? amount : 0) - (target === id ? amount : 0),
      0,
    );
  for (const { id } of nodes.toSorted((a, b) => surplus(b.id) - surplus(a.id))) {
    if (layers.has(id)) continue;
    layers.set(id, 0);
    for (const queue = [id]; queue.length > 0;) {
      const next = queue.shift() ?? '';
      for (const { target } of edges.filter(({ source }) => source === next).toSorted((a, b) => b.amount - a.amount)) {
        if (layers.has(target)) continue;
        layers.set(target, (layers.get(next) ?? 0) + 1);
        queue.push(target);
      }
    }
  }
  const columns = Math.max(...layers.values()) + 1;
  const matesOf = (layer: number): readonly Bare[] => nodes.filter(({ id }) => layers.get(id) === layer);
  const most = Math.max(...[...layers.values()].map((layer) => matesOf(layer).length));
  const radius = Math.max(
    RADIUS_MIN,
    Math.min(RADIUS_MAX, (height / most - TITLE_PIXELS) / 2 - 2, width / columns / 3),
  );
  return nodes.map((node) => {
    const layer = layers.get(node.id) ?? 0;
    const mates = matesOf(layer);
    const place = mates.indexOf(node);
    // Nodes of one layer do not stand straight above each other, or lines between them would hide in lines through them.
    const lean = mates.length > 1 ? ((place % 2) - 0.5) * Math.min(60, width / columns / 4) : 0;
    const y = (height * (place + 0.5)) / mates.length - TITLE_PIXELS / 2;
    return { ...node, x: (width * (layer + 0.5)) / columns + lean, y, radius };
  });
}
