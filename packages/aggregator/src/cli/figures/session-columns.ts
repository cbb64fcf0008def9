// Columns of the tables that show one session.

import type {
  AgentDocument,
  HandoffDocument,
  ModelDocument,
  ToolDocument,
  TurnDocument,
  WitnessDocument,
} from '../../serve/documents/session-schema.ts';
import { formatCount, formatMean, formatSeconds, formatUsd } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Cell, Column } from '../text/table.ts';
import { faultCell, figureCell, nameCell } from './cells.ts';
import { shareBar } from './share-bar.ts';

type Named<Document> = readonly [name: string, document: Document];

export function agentColumns(totalUsd: number): readonly Column<Named<AgentDocument>>[] {
  return [
    { title: 'agent', isFlexible: true, cell: ([name]) => nameCell(name, '(no agent)') },
    { title: 'turns', align: 'right', cell: ([, { message_count }]) => formatCount(message_count) },
    {
      title: 'mean turn',
      align: 'right',
      cell: ([, { avg_response_time_ms }]) => figureCell(avg_response_time_ms, formatMilliseconds),
    },
    {
      title: 'longest',
      align: 'right',
      dispensable: 2,
      cell: ([, { response_time_ms }]) => figureCell(response_time_ms.max ?? null, formatMilliseconds),
    },
    { title: 'calls', align: 'right', dispensable: 3, cell: ([, { inferences }]) => formatCount(inferences) },
    { title: 'tools', align: 'right', dispensable: 4, cell: ([, { tool_calls }]) => formatCount(tool_calls) },
    { title: 'errors', align: 'right', dispensable: 1, cell: ([, { errors }]) => faultCell(errors) },
    { title: 'input', align: 'right', cell: ([, { tokens }]) => formatCount(tokens.input) },
    { title: 'output', align: 'right', cell: ([, { tokens }]) => formatCount(tokens.output) },
    {
      title: 'tokens/turn',
      align: 'right',
      dispensable: 5,
      cell: ([, { tokens_per_message }]) => figureCell(tokens_per_message, formatMean),
    },
    { title: 'cost', align: 'decimal', cell: ([, { cost }]) => formatUsd(cost.usd) },
    {
      title: 'share of cost',
      dispensable: 6,
      cell: ([, { cost }]) => (totalUsd === 0 ? '' : shareBar(cost.usd / totalUsd)),
    },
  ];
}

export const MODEL_COLUMNS: readonly Column<Named<ModelDocument>>[] = [
  { title: 'model', isFlexible: true, cell: ([name]) => nameCell(name) },
  { title: 'provider', isFlexible: true, dispensable: 4, cell: ([, { providers }]) => shown(providers.join(', ')) },
  { title: 'calls', align: 'right', cell: ([, { inferences }]) => formatCount(inferences) },
  { title: 'errors', align: 'right', dispensable: 1, cell: ([, { errors }]) => faultCell(errors) },
  { title: 'input', align: 'right', cell: ([, { tokens }]) => formatCount(tokens.input) },
  { title: 'cached', align: 'right', dispensable: 2, cell: ([, { tokens }]) => formatCount(tokens.cache_read) },
  { title: 'output', align: 'right', cell: ([, { tokens }]) => formatCount(tokens.output) },
  { title: 'reasoning', align: 'right', dispensable: 3, cell: ([, { tokens }]) => formatCount(tokens.reasoning) },
  { title: 'cost', align: 'decimal', cell: ([, { cost }]) => formatUsd(cost.usd) },
];

export const TOOL_COLUMNS: readonly Column<Named<ToolDocument>>[] = [
  { title: 'tool', isFlexible: true, cell: ([name]) => nameCell(name) },
  { title: 'calls', align: 'right', cell: ([, { calls }]) => formatCount(calls) },
  { title: 'errors', align: 'right', cell: ([, { errors }]) => faultCell(errors) },
  { title: 'time', align: 'right', cell: ([, { time_ms }]) => formatMilliseconds(time_ms) },
  { title: 'cost', align: 'decimal', cell: ([, { cost }]) => (cost.usd === 0 ? '' : formatUsd(cost.usd)) },
];

type NumberedTurn = TurnDocument & { readonly number: number };

export function turnColumns(sessionBegan: string): readonly Column<NumberedTurn>[] {
  const beganMs = Date.parse(sessionBegan);
  return [
    { title: 'turn', align: 'right', cell: ({ number }) => formatCount(number) },
    { title: 'speaker', isFlexible: true, cell: ({ speaker }) => nameCell(speaker) },
    { title: 'after', align: 'right', cell: ({ started_at }) => formatMilliseconds(Date.parse(started_at) - beganMs) },
    { title: 'took', align: 'right', cell: ({ response_time_ms }) => figureCell(response_time_ms, formatMilliseconds) },
    { title: 'calls', align: 'right', cell: ({ inferences }) => formatCount(inferences) },
    { title: 'tools', align: 'right', dispensable: 1, cell: ({ tool_steps }) => formatCount(tool_steps) },
    { title: 'input', align: 'right', cell: ({ tokens }) => formatCount(tokens.input) },
    { title: 'output', align: 'right', cell: ({ tokens }) => formatCount(tokens.output) },
    { title: 'cost', align: 'decimal', cell: ({ cost }) => formatUsd(cost.usd) },
  ];
}

export const HANDOFF_COLUMNS: readonly Column<HandoffDocument>[] = [
  { title: 'from', isFlexible: true, cell: ({ from }) => nameCell(from) },
  { title: 'to', isFlexible: true, cell: ({ to }) => nameCell(to) },
  { title: 'times', align: 'right', cell: ({ count }) => formatCount(count) },
  { title: 'mean gap', align: 'right', cell: ({ avg_gap_ms }) => formatMilliseconds(avg_gap_ms) },
  { title: 'input carried', align: 'right', dispensable: 1, cell: ({ input_tokens }) => formatCount(input_tokens) },
];

export const WITNESS_COLUMNS: readonly Column<WitnessDocument>[] = [
  { title: 'seen, not added', cell: ({ reason }) => shown(reason.replaceAll('_', ' ')) },
  { title: 'signal', dispensable: 2, cell: ({ signal }) => shown(signal) },
  { title: 'profile', isFlexible: true, dispensable: 3, cell: ({ profile }) => shown(profile) },
  { title: 'records', align: 'right', cell: ({ records }) => formatCount(records) },
  { title: 'input', align: 'right', cell: ({ input_tokens }) => formatCount(input_tokens) },
  { title: 'output', align: 'right', cell: ({ output_tokens }) => formatCount(output_tokens) },
  { title: 'than counted', dispensable: 1, cell: witnessCell },
];

/** A witness that has seen more shows a loss. */
function witnessCell({ comparison }: WitnessDocument): Cell {
  if (comparison === null) return '';
  return { text: comparison, tone: comparison === 'more' ? 'bad' : comparison === 'equal' ? 'good' : 'plain' };
}

function formatMilliseconds(ms: number): string {
  return formatSeconds(ms / 1000);
}
