// What the preview reads of a dashboard's JSON: Grafana's classic model, as far as panels and variables go.

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly timezone?: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly refresh?: string;
  readonly templating?: { readonly list: readonly VariableJson[] };
  readonly panels: readonly PanelJson[];
  readonly links?: readonly { readonly title: string; readonly type?: string; readonly asDropdown?: boolean }[];
}

export interface VariableJson {
  readonly type: string;
  readonly name: string;
  readonly label?: string;
  /** 0 shown, 1 without its label, 2 hidden, 3 in the controls' menu. */
  readonly hide?: number;
  readonly query?: string | { readonly query?: string };
  readonly datasource?: DataSourceJson;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly regex?: string;
  readonly sort?: number;
  readonly current?: { readonly text?: string | readonly string[]; readonly value?: string | readonly string[] };
}

export interface DataSourceJson {
  readonly type?: string;
  readonly uid?: string;
}

export interface TargetJson {
  readonly refId: string;
  readonly datasource?: DataSourceJson;
  readonly hide?: boolean;
  /** Of ClickHouse: 0 time series, 1 table. */
  readonly rawSql?: string;
  readonly format?: number | string;
  /** Of Prometheus. */
  readonly expr?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly exemplar?: boolean;
  readonly legendFormat?: string;
  readonly interval?: string;
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly datasource?: DataSourceJson;
  readonly panels?: readonly PanelJson[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly overrides: readonly unknown[];
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options?: unknown;
    readonly disabled?: boolean;
  }[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly timeFrom?: string;
  readonly timeShift?: string;
  readonly repeat?: string;
  readonly repeatDirection?: string;
  readonly maxPerRow?: number;
  readonly collapsed?: boolean;
  readonly transparent?: boolean;
}

/** A column of a data frame as `toDataFrame` of @grafana/data takes it. */
export interface FieldData {
  readonly name: string;
  readonly type: 'time' | 'number' | 'string' | 'boolean' | 'other';
  readonly values: readonly unknown[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface FrameData {
  readonly refId: string;
  readonly name?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly fields: readonly FieldData[];
}

export interface CollectedPanel {
  readonly panel: PanelJson;
  readonly frames: readonly FrameData[];
  /** What a query answered instead of rows. */
  readonly errors: readonly string[];
  /** Variables as they are in this panel: one that is repeated has one of its values. */
  readonly variables: Readonly<Record<string, ChosenVariable>>;
}

export interface ChosenVariable {
  readonly label: string;
  readonly value: string | readonly string[];
  /** What is shown of it. */
  readonly text: string;
  readonly allValue?: string | undefined;
  readonly options: readonly string[];
  /** Whether several or all may be chosen. */
  readonly isMulti: boolean;
  readonly isShown: boolean;
}

/** All that is needed to draw a dashboard. */
export interface Collected {
  readonly dashboard: DashboardJson;
  readonly fromMs: number;
  readonly toMs: number;
  readonly variables: Readonly<Record<string, ChosenVariable>>;
  readonly panels: readonly CollectedPanel[];
  /** Queries of variables that failed or have no values. */
  readonly problems: readonly string[];
}
