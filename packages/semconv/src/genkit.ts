// Genkit (Google). Usage is inside the JSON of `genkit:output`; its names are separated by colons.

// What the span is.
export const ATTR_GENKIT_TYPE = 'genkit:type';
export const ATTR_GENKIT_NAME = 'genkit:name';
export const ATTR_GENKIT_PATH = 'genkit:path';
export const ATTR_GENKIT_IS_ROOT = 'genkit:isRoot';
/** `success` or `error`. */
export const ATTR_GENKIT_STATE = 'genkit:state';
export const ATTR_GENKIT_SESSION_ID = 'genkit:sessionId';
export const ATTR_GENKIT_THREAD_NAME = 'genkit:threadName';
/** `model`, `flow`, `tool` …. */
export const ATTR_GENKIT_METADATA_SUBTYPE = 'genkit:metadata:subtype';
export const ATTR_PREFIX_GENKIT_METADATA = 'genkit:metadata:';

// Content.
export const ATTR_GENKIT_INPUT = 'genkit:input';
export const ATTR_GENKIT_OUTPUT = 'genkit:output';

// What of these is content, joined in content.ts.
export const CONTENT_OF_GENKIT: readonly string[] = [ATTR_GENKIT_INPUT, ATTR_GENKIT_OUTPUT];
