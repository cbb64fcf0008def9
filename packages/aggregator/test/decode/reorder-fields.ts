// Writes the fields of a protobuf message in another order, in all messages inside too: what other encoders may do, and a Collector does.
// Fields of one number keep their order among each other, for they are a list or the last of them counts.

import protobuf from 'protobufjs/minimal.js';

/** Which fields of a message are messages again. */
interface Schema {
  readonly [field: number]: () => Schema;
}

const LEAF: Schema = {};
const anyValue: Schema = { 5: () => ({ 1: () => anyValue }), 6: () => ({ 1: () => keyValue }) };
const keyValue: Schema = { 2: () => anyValue };
const resource: Schema = { 1: () => keyValue };
const scope: Schema = { 3: () => keyValue };
const event: Schema = { 3: () => keyValue };
const link: Schema = { 4: () => keyValue };
const span: Schema = { 9: () => keyValue, 11: () => event, 13: () => link, 15: () => LEAF };
const logRecord: Schema = { 5: () => anyValue, 6: () => keyValue };
const numberPoints: Schema = { 1: () => ({ 7: () => keyValue }) };
const histogramPoints: Schema = { 1: () => ({ 9: () => keyValue }) };
const exponentialPoints: Schema = { 1: () => ({ 1: () => keyValue }) };
const metric: Schema = {
  5: () => numberPoints,
  7: () => numberPoints,
  9: () => histogramPoints,
  10: () => exponentialPoints,
};

const requestOf = (item: Schema): Schema => ({
  1: () => ({ 1: () => resource, 2: () => ({ 1: () => scope, 2: () => item }) }),
});
const REQUESTS = { span: requestOf(span), log: requestOf(logRecord), metric: requestOf(metric) } as const;

/** `order` sorts the field numbers of one message. */
export function reorderFields(
  signal: keyof typeof REQUESTS,
  bytes: Uint8Array,
  order: (fields: readonly number[]) => readonly number[],
): Buffer {
  return reorder(REQUESTS[signal], bytes, order);
}

function reorder(schema: Schema, bytes: Uint8Array, order: (fields: readonly number[]) => readonly number[]): Buffer {
  const reader = protobuf.Reader.create(bytes);
  const byNumber = new Map<number, Uint8Array[]>();
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = tag >>> 3;
    const inner = schema[field];
    let raw: Uint8Array;
    if (inner !== undefined && (tag & 7) === 2) {
      const content = reorder(inner(), reader.bytes(), order);
      raw = protobuf.Writer.create().uint32(tag).bytes(content).finish();
    } else {
      reader.skipType(tag & 7);
      raw = bytes.subarray(start, reader.pos);
    }
    byNumber.set(field, [...(byNumber.get(field) ?? []), raw]);
  }
  return Buffer.concat(order([...byNumber.keys()]).flatMap((field) => byNumber.get(field) ?? []));
}
