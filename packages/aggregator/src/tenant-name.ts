/** Tenant names go into keys, files and logs: letters, digits and a little punctuation. */
export const TENANT_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
