// What stands above panels in Grafana: where one is, links, variables and the time range.

import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { Icon } from '@grafana/ui';
import type { CSSProperties, JSX, ReactNode } from 'react';
import type { Collected } from '../collect/dashboard.ts';

interface ToolbarProps {
  readonly collected: Collected;
  readonly theme: GrafanaTheme2;
}

export function Toolbar({ collected, theme }: ToolbarProps): JSX.Element {
  const { dashboard, variables, toMs } = collected;
  const { colors } = theme;
  const [folder = '', ...rest] = dashboard.title.split(' / ');
  const bar: CSSProperties = { display: 'flex', alignItems: 'center', gap: 8, padding: '0 16px' };
  return (
    <header>
      <div
        style={{
          ...bar,
          height: 40,
          background: colors.background.primary,
          borderBottom: `1px solid ${colors.border.weak}`,
          fontSize: 14,
        }}
      >
        <Crumb color={colors.text.secondary}>Home</Crumb>
        <Crumb color={colors.text.secondary}>Dashboards</Crumb>
        <Crumb color={colors.text.secondary}>{folder}</Crumb>
        <span style={{ fontWeight: 500 }}>{rest.length === 0 ? folder : rest.join(' / ')}</span>
      </div>
      <div style={{ ...bar, padding: '12px 16px', flexWrap: 'wrap' }}>
        {Object.entries(variables)
          .filter(([, { isShown }]) => isShown)
          .map(([name, { label, text }]) => (
            <Variable key={name} {...{ label, theme }}>
              {text}
            </Variable>
          ))}
        <span style={{ flexGrow: 1 }} />
        {(dashboard.links ?? []).map(({ title }) => (
          <Box key={title} theme={theme}>
            <Icon name="bars" size="sm" /> {title} <Icon name="angle-down" size="sm" />
          </Box>
        ))}
        <Box theme={theme}>
          <Icon name="clock-nine" size="sm" /> {rangeText(dashboard.time)} <Icon name="angle-down" size="sm" />
        </Box>
        <Box theme={theme}>
          <Icon name="sync" size="sm" />{' '}
          {dashboard.refresh === undefined || dashboard.refresh === '' ? 'Refresh' : dashboard.refresh}
        </Box>
        <span style={{ color: colors.text.secondary, fontSize: 12 }}>
          {dateTimeFormat(toMs, { timeZone: 'utc', format: 'YYYY-MM-DD HH:mm' })} UTC
        </span>
      </div>
    </header>
  );
}

function Crumb({ color, children }: { readonly color: string; readonly children: ReactNode }): JSX.Element {
  return (
    <span style={{ color }}>
      {children}
      <span style={{ padding: '0 0 0 8px' }}>›</span>
    </span>
  );
}

function Box({ theme, children }: { readonly theme: GrafanaTheme2; readonly children: ReactNode }): JSX.Element {
  const { colors, shape } = theme;
  const style: CSSProperties = {
    display: 'inline-flex',
    alignItems: 'center',
    gap: 6,
    height: 32,
    padding: '0 10px',
    borderRadius: shape.radius.default,
    border: `1px solid ${colors.border.weak}`,
    background: colors.background.primary,
    fontSize: 13,
    fontWeight: 500,
  };
  return <span style={style}>{children}</span>;
}

interface VariableProps {
  readonly label: string;
  readonly theme: GrafanaTheme2;
  readonly children: ReactNode;
}

function Variable({ label, theme, children }: VariableProps): JSX.Element {
  const { colors, shape } = theme;
  const part: CSSProperties = {
    display: 'inline-flex',
    alignItems: 'center',
    height: 32,
    padding: '0 8px',
    border: `1px solid ${colors.border.weak}`,
  };
  return (
    <span style={{ display: 'inline-flex', fontSize: 13 }}>
      <span
        style={{
          ...part,
          background: colors.background.primary,
          borderRadius: `${shape.radius.default} 0 0 ${shape.radius.default}`,
          fontSize: 12,
          fontWeight: 500,
        }}
      >
        {label}
      </span>
      <span
        style={{
          ...part,
          background: colors.background.canvas,
          borderColor: colors.border.medium,
          gap: 24,
          minWidth: 90,
          justifyContent: 'space-between',
        }}
      >
        {children} <Icon name="angle-down" size="sm" />
      </span>
    </span>
  );
}

const UNIT_WORDS: Readonly<Record<string, string>> = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks', M: 'months' };

/** `now-24h` to `now`: as the time picker says it. */
function rangeText({ from, to }: Collected['dashboard']['time']): string {
  const [, count, unit = ''] = /^now-(\d+)([mhdwM])$/.exec(from) ?? [];
  if (to === 'now' && count !== undefined)
    return `Last ${count === '1' ? '' : `${count} `}${count === '1' ? (UNIT_WORDS[unit] ?? unit).replace(/s$/, '') : (UNIT_WORDS[unit] ?? unit)}`;
  if (from === 'now/M') return to === 'now' ? 'This month so far' : 'This month';
  if (from === 'now/d') return to === 'now' ? 'Today so far' : 'Today';
  return `${momentText(from)} to ${momentText(to)}`;
}

function momentText(text: string): string {
  return text.startsWith('now') ? text : dateTimeFormat(text, { timeZone: 'utc', format: 'YYYY-MM-DD HH:mm:ss' });
}
