// Which attributes may leave the app's host: each name that Turnmeter knows and that holds no text of users or models, exactly. A list of
// what to delete was tried and leaked two of the captured dialects; a regular expression cost four times the rest of the Collector.

import * as names from '@turnmeter/semconv';
import { listedSpellings } from '@turnmeter/accounting';

const { CONTENT_ATTRIBUTES, CONTENT_ATTRIBUTE_PREFIXES, CONTENT_PREFIX_EXCEPTIONS } = names;

/** Names that stay with their values, in order. */
export function keepKeys(): readonly string[] {
  const known = Object.entries(names).flatMap(([constant, value]) =>
    isName(constant) && typeof value === 'string' ? [value] : [],
  );
  const spelled = [...listedSpellings().keys()];
  return [...new Set([...known, ...spelled])].filter((key) => !isContent(key)).toSorted();
}

/** Of resources also what says whose and where a process is; not its command line, nor its environment. */
export function resourceKeys(): readonly string[] {
  return [...new Set([...keepKeys(), ...RESOURCE_KEYS])].toSorted();
}

/** Of OpenTelemetry's resource conventions (1.38). */
const RESOURCE_KEYS = [
  'cloud.account.id', 'cloud.availability_zone', 'cloud.platform', 'cloud.provider', 'cloud.region', 'cloud.resource_id', 'container.id',
  'container.image.name', 'container.image.tags', 'container.name', 'container.runtime', 'deployment.environment', 'deployment.environment.name',
  'deployment.name', 'faas.instance', 'faas.name', 'faas.version', 'host.arch', 'host.id', 'host.name', 'host.type', 'k8s.cluster.name',
  'k8s.container.name', 'k8s.cronjob.name', 'k8s.daemonset.name', 'k8s.deployment.name', 'k8s.job.name', 'k8s.namespace.name', 'k8s.node.name',
  'k8s.pod.name', 'k8s.pod.uid', 'k8s.statefulset.name', 'os.description', 'os.name', 'os.type', 'os.version', 'process.pid',
  'process.runtime.description', 'process.runtime.name', 'process.runtime.version', 'service.instance.id', 'service.name', 'service.namespace',
  'service.version', 'telemetry.distro.name', 'telemetry.distro.version', 'telemetry.sdk.language', 'telemetry.sdk.name', 'telemetry.sdk.version',
]; // prettier-ignore

/** What people and models said, or what may hold it. */
export function isContent(key: string): boolean {
  if (CONTENT_PREFIX_EXCEPTIONS.includes(key)) return false;
  return CONTENT_ATTRIBUTES.includes(key) || CONTENT_ATTRIBUTE_PREFIXES.some((prefix) => key.startsWith(prefix));
}

function isName(constant: string): boolean {
  return constant.startsWith('ATTR_') && !constant.startsWith('ATTR_PREFIX_');
}
