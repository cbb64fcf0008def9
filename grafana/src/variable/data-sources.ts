// Which Prometheus and which ClickHouse: the one there is, or a choice where Grafana has several.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { DatasourceVariableBuilder, type VariableModel, VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';
import { CLICKHOUSE_PLUGIN, PROMETHEUS_PLUGIN } from '../data-source.ts';

type Variable = Builder<VariableModel>;

export function clickhouseSource(): Variable {
  return source({
    name: 'clickhouse',
    label: 'ClickHouse',
    plugin: CLICKHOUSE_PLUGIN,
    provisioned: 'turnmeter-clickhouse',
  });
}

export function prometheusSource(): Variable {
  return source({
    name: 'prometheus',
    label: 'Prometheus',
    plugin: PROMETHEUS_PLUGIN,
    provisioned: 'turnmeter-prometheus',
  });
}

interface Source {
  readonly name: string;
  readonly label: string;
  readonly plugin: string;
  /** Uid of the source in provisioning/datasources, which is chosen where it exists. */
  readonly provisioned: string;
}

function source({ name, label, plugin, provisioned }: Source): Variable {
  return new DatasourceVariableBuilder(name)
    .label(label)
    .type(plugin)
    .current({ text: provisioned, value: provisioned })
    .hide(VariableHide.InControlsMenu);
}
