import { isObject, type JsonObject } from '../../usage/json-object.ts';
import { hasOurs, type Integration } from './integrations-slot.ts';

/**
 * The settings of a call of version 7, with our integration where they leave the global ones out: `integrations` of its own, or
 * `isEnabled: false`. Who turns telemetry off keeps what is said out of it; what it costs is still counted: then nobody else's integration
 * is told, and ours is shown no content.
 */
export function withIntegration(settings: JsonObject, integration: Integration): JsonObject {
  const telemetry = settings['telemetry'] ?? settings['experimental_telemetry'];
  if (!isObject(telemetry)) return settings;
  if (telemetry['isEnabled'] === false) {
    const silent = { isEnabled: true, recordInputs: false, recordOutputs: false, integrations: [integration] };
    return { ...settings, telemetry: { ...telemetry, ...silent } };
  }
  const { integrations: own } = telemetry;
  if (own === undefined || own === null) return settings;
  const integrations: readonly unknown[] = Array.isArray(own) ? own : [own];
  if (hasOurs(integrations)) return settings;
  return { ...settings, telemetry: { ...telemetry, integrations: [integration, ...integrations] } };
}
