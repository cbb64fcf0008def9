import { InstrumentationBase, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { guarded } from '../emit/guarded.ts';
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from '../emit/instrumentation-name.ts';
import { isObject } from '../usage/json-object.ts';
import type { ApiCopy } from './api-copies.ts';

/**
 * Sees every further copy of OpenTelemetry's API that is loaded. Frameworks that report themselves bring one of a fixed version, and ask
 * it for their tracer as they are loaded, when there is nothing yet that it could find.
 */
export class ApiWatch extends InstrumentationBase {
  declare private copies: ApiCopy[];
  declare private tell: ((copy: ApiCopy) => void) | undefined;

  constructor() {
    super(`${INSTRUMENTATION_NAME}/api`, INSTRUMENTATION_VERSION, {});
  }

  /** Tells of each copy, also of those that came before. */
  start(tell: (copy: ApiCopy) => void): void {
    this.tell = tell;
    for (const copy of this.copies) tell(copy);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    this.copies ??= [];
    return new InstrumentationNodeModuleDefinition('@opentelemetry/api', ['>=1.0.0 <2.0.0'], (copy: unknown) => {
      guarded('a copy of the OpenTelemetry API', () => {
        if (!isApi(copy)) return;
        if (this.tell === undefined) this.copies.push(copy);
        else this.tell(copy);
      });
      return copy;
    });
  }
}

function isApi(value: unknown): value is ApiCopy {
  return isObject(value) && ['context', 'metrics', 'propagation', 'trace'].every((part) => isObject(value[part]));
}
