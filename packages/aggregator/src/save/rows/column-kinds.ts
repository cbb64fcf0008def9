// Columns as the tables of this folder have them: the SQL type follows from what the value is.

import {
  BOOL,
  DATE,
  DATETIME_US,
  FLOATS,
  INT16,
  INT64,
  INT8,
  INTEGERS,
  TEXT,
  TEXTS,
  UINT64,
  UINT8,
} from '../native/column-type.ts';
import { column, type Column, type ColumnSource } from '../native/column.ts';
import { LABEL, LABELS } from '../native/dictionary.ts';

type Kind<Row, Draft, Value> = (
  name: string,
  get: ColumnSource<Row, Draft, Value>['get'],
  set: ColumnSource<Row, Draft, Value>['set'],
) => Column<Row, Draft>;

/** Makes the columns of one table. */
export interface ColumnKinds<Row, Draft> {
  /** Text of many values: an id. */
  readonly id: Kind<Row, Draft, string>;
  /** Text of few values: a name, a code. */
  readonly label: Kind<Row, Draft, string>;
  readonly flag: Kind<Row, Draft, boolean>;
  /** 1 or -1. */
  readonly sign: Kind<Row, Draft, number>;
  /** 0 to 255. */
  readonly rank: Kind<Row, Draft, number>;
  /** -1 is none. */
  readonly optionalRank: Kind<Row, Draft, number>;
  readonly amount: Kind<Row, Draft, number>;
  /** May be negative; where it counts something, -1 is not reported. */
  readonly integer: Kind<Row, Draft, number>;
  readonly time: Kind<Row, Draft, number>;
  readonly day: Kind<Row, Draft, number>;
  readonly ids: Kind<Row, Draft, readonly string[]>;
  readonly labels: Kind<Row, Draft, readonly string[]>;
  readonly integers: Kind<Row, Draft, readonly number[]>;
  readonly floats: Kind<Row, Draft, readonly number[]>;
}

export function columnKinds<Row, Draft>(): ColumnKinds<Row, Draft> {
  return {
    id: (name, get, set) => column(name, { type: TEXT, get, set }),
    label: (name, get, set) => column(name, { type: TEXT, stored: LABEL, get, set }),
    flag: (name, get, set) => column(name, { type: BOOL, get, set }),
    sign: (name, get, set) => column(name, { type: INT8, get, set }),
    rank: (name, get, set) => column(name, { type: UINT8, get, set }),
    optionalRank: (name, get, set) => column(name, { type: INT16, get, set }),
    amount: (name, get, set) => column(name, { type: UINT64, get, set }),
    integer: (name, get, set) => column(name, { type: INT64, get, set }),
    day: (name, get, set) => column(name, { type: DATE, get, set }),
    time: (name, get, set) => column(name, { type: DATETIME_US, get, set }),
    ids: (name, get, set) => column(name, { type: TEXTS, get, set }),
    labels: (name, get, set) => column(name, { type: TEXTS, stored: LABELS, get, set }),
    integers: (name, get, set) => column(name, { type: INTEGERS, get, set }),
    floats: (name, get, set) => column(name, { type: FLOATS, get, set }),
  };
}
