// How near to the wire an instrumentation sits, by the library its scope is named after.

import { WireDistance } from '../observe/observation.ts';
import { remembered } from '../observe/remembered.ts';

/** `@traceloop/instrumentation-openai`, `openinference.instrumentation.anthropic`, `openlit.instrumentation.google_ai_studio`. */
const CLIENT_SCOPE =
  /[./-](openai|openai[_-]v2|anthropic|bedrock|google[._-]genai|google_ai_studio|google_generativeai|generativeai|vertexai|mistral(?:ai)?|groq|cohere|ollama|litellm|portkey|together|azure_ai_inference)$/;

/** A model client's own methods are next to the wire; anything else is a framework above one. */
export const distanceOfScope: (scope: string) => WireDistance = remembered((scope) =>
  CLIENT_SCOPE.test(scope) ? WireDistance.CLIENT : WireDistance.FRAMEWORK,
);

/** `openlit.instrumentation.anthropic` → 'anthropic'. */
export const libraryOfScope: (scope: string) => string = remembered((scope) => /[^./-]*$/.exec(scope)?.[0] ?? '');
