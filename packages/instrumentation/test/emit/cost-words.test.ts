import { CostSource, CostStatus } from '@turnmeter/pricing';
import * as semconv from '@turnmeter/semconv';
import { expect, it } from 'vitest';

it('says of a cost what the conventions have a word for, and what the ledger keeps', () => {
  expect(Object.values(CostSource)).toEqual(Object.values(semconv.CostSource));
  expect(Object.values(CostStatus)).toEqual(Object.values(semconv.CostStatus));
});
