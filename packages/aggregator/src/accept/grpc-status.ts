// gRPC's name for a refusal. What may heal is UNAVAILABLE, the one code that every exporter sends again after.

import { status } from '@grpc/grpc-js';
import type { Refusal } from './refusal.ts';

export function grpcStatusOf(refusal: Refusal): status {
  if (refusal.retryAfterMs !== undefined) return status.UNAVAILABLE;
  switch (refusal.status) {
    case 401:
      return status.UNAUTHENTICATED;
    case 403:
      return status.PERMISSION_DENIED;
    case 404:
    case 405:
      return status.UNIMPLEMENTED;
    case 413:
      return status.RESOURCE_EXHAUSTED;
    default:
      return status.INVALID_ARGUMENT;
  }
}
