export { DoctorError, DoctorErrorCode } from './doctor-error.ts';
export { type Diagnosis, type Finding, isProblem, SEVERITIES, Severity } from './finding.ts';
export { inspectApp, type InspectAppOptions } from './inspect-app.ts';
export { inspectService, type InspectServiceOptions } from './inspect-service.ts';
