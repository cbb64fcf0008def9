// Settings of the environment that turn export off, or send it where nobody listens.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import type { Setting, Settings } from '../app/settings.ts';

export const exporter: Check<App> = {
  name: 'exporter',
  run: ({ settings }) => [
    ...settings.all('OTEL_SDK_DISABLED').flatMap(disabled),
    ...['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER'].flatMap((name) => settings.all(name).flatMap(noOtlp)),
    ...endpoints(settings).flatMap((endpoint) => addressed(endpoint, settings)),
    ...['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'].flatMap((name) =>
      settings.all(name).flatMap(unknownProtocol),
    ),
    ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'].flatMap((name) =>
      settings.all(name).flatMap(brokenHeaders),
    ),
  ],
};

function shownAs({ name, value }: Setting): string {
  return `${name}=${value}`;
}

function disabled(setting: Setting): readonly Diagnosis[] {
  if (setting.value.toLowerCase() !== 'true') return [];
  return [
    {
      severity: Severity.LOSES_DATA,
      found: shownAs(setting),
      where: [setting.where],
      why: 'The whole SDK is off: nothing is recorded and nothing is exported.',
      fix: [`unset ${setting.name}`],
    },
  ];
}

function noOtlp(setting: Setting): readonly Diagnosis[] {
  const names = setting.value.split(',').map((name) => name.trim());
  const isTraces = setting.name === 'OTEL_TRACES_EXPORTER';
  const isSent = names.includes('otlp') || (!isTraces && names.includes('prometheus'));
  if (isSent && !names.includes('none')) return [];
  const what = isTraces ? 'Spans' : 'Metrics';
  return [
    {
      severity: isTraces ? Severity.LOSES_DATA : Severity.ADVICE,
      found: shownAs(setting),
      where: [setting.where],
      why: `${what} ${names.includes('none') ? 'are made and thrown away' : `go to ${setting.value} and to no backend`}.`,
      fix: [isTraces ? `${setting.name}=otlp` : `${setting.name}=otlp, or prometheus`],
    },
  ];
}

/** Ports of OTLP, by what is spoken on them. */
const GRPC_PORT = '4317';
const HTTP_PORT = '4318';
/** Port of Turnmeter's JSON API. */
const API_PORT = '8318';
const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';

function endpoints(settings: Settings): readonly Setting[] {
  return [BASE, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].flatMap((name) => settings.all(name));
}

function addressed(setting: Setting, settings: Settings): readonly Diagnosis[] {
  const problem = (found: string, why: string, fix: string): readonly Diagnosis[] => [
    { severity: Severity.LOSES_DATA, found, where: [setting.where], why, fix: [fix] },
  ];
  const url = URL.canParse(setting.value) ? new URL(setting.value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const why =
      'An address without http:// or https:// is not understood, and the default one is used instead, or none.';
    return problem(
      `${shownAs(setting)} is no address`,
      why,
      `${setting.name}=http://${setting.value.replace(/^\w*:?\/\//, '')}`,
    );
  }
  const protocol = protocolOf(settings);
  const isGrpc = protocol === 'grpc';
  const shown = `${setting.name}=${url.origin}${url.pathname}`;
  if (url.port === API_PORT) {
    return problem(
      shown,
      'That is the port of the JSON API; OTLP is taken on another one.',
      `${setting.name}=${url.protocol}//${url.hostname}:${isGrpc ? GRPC_PORT : HTTP_PORT}`,
    );
  }
  if (isGrpc ? url.port === HTTP_PORT : url.port === GRPC_PORT) {
    const fix = isGrpc
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'
      : `${setting.name}=${shown.slice(shown.indexOf('=') + 1).replace(GRPC_PORT, HTTP_PORT)}`;
    return problem(
      `${shown} with ${protocol}`,
      `Port ${url.port} speaks ${isGrpc ? 'HTTP' : 'gRPC'} and the exporter ${isGrpc ? 'gRPC' : 'HTTP'}: every export fails.`,
      fix,
    );
  }
  if (isGrpc) return [];
  if (setting.name === BASE && /\/v1\/(?:traces|metrics|logs)\/?$/.test(url.pathname)) {
    const base = setting.value.replace(/\/v1\/(?:traces|metrics|logs)\/?$/, '');
    return problem(
      shown,
      'The path of the signal is appended to this address, so requests go to …/v1/traces/v1/traces, which is not there.',
      `${setting.name}=${base}`,
    );
  }
  if (setting.name !== BASE && /^\/?$/.test(url.pathname)) {
    return problem(
      shown,
      'The address of one signal is used as it is, without /v1/traces, so requests go to /, which takes none.',
      `${setting.name}=${url.origin}/v1/traces`,
    );
  }
  return [];
}

const PROTOCOLS: ReadonlySet<string> = new Set(['grpc', 'http/protobuf', 'http/json']);

function protocolOf(settings: Settings): string {
  const named = settings.get('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? settings.get('OTEL_EXPORTER_OTLP_PROTOCOL');
  return named !== undefined && PROTOCOLS.has(named.value) ? named.value : 'http/protobuf';
}

function unknownProtocol(setting: Setting): readonly Diagnosis[] {
  if (PROTOCOLS.has(setting.value)) return [];
  return [
    {
      severity: Severity.WRONG_FIGURES,
      found: `${shownAs(setting)} is no protocol`,
      where: [setting.where],
      why: 'It is ignored and http/protobuf is spoken, which another port or a proxy may not take.',
      fix: [`${setting.name}=http/protobuf, http/json or grpc`],
    },
  ];
}

function brokenHeaders(setting: Setting): readonly Diagnosis[] {
  // Never shown: there are keys in it.
  const parts = setting.value.split(',').filter((part) => part.trim() !== '');
  if (parts.every((part) => /^\s*[\w!#$%&'*+.^`|~-]+\s*=\s*\S/.test(part))) return [];
  return [
    {
      severity: Severity.LOSES_DATA,
      found: `${setting.name} is not a list of name=value`,
      where: [setting.where],
      why: 'What is written otherwise is left out without a word, and a service with keys refuses what comes without one.',
      fix: [`${setting.name}="authorization=Bearer <key>"`],
    },
  ];
}
