import {
  InstrumentationNodeModuleDefinition,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';
import { guarded, warnOnce } from '../../emit/guarded.ts';
import { isObject, objectOr } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation, type TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { patchModels } from './patch-models.ts';

/**
 * Sees the model calls of the `@google/genai` package, to the Gemini API and to Vertex AI: generating, streaming, chats and
 * embeddings. Automatic function calling asks several times; each is a call.
 *
 * ```ts
 * new NodeSDK({ instrumentations: [new GoogleGenAIInstrumentation()] }).start();
 * ```
 */
export class GoogleGenAIInstrumentation extends TurnmeterInstrumentation {
  declare private patches: Patches;
  /** Every prototype that was ever attached to, to attach to it again: ESM and CJS copies are different classes. */
  declare private known: Set<object>;

  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('google-genai', config);
  }

  /** Takes the package's exports, or its class `Models`. */
  override attach(moduleExports: unknown): void {
    guarded('attaching to @google/genai', () => {
      const models = typeof moduleExports === 'function' ? moduleExports : objectOr(moduleExports)['Models'];
      const prototype: unknown = typeof models === 'function' ? models.prototype : undefined;
      if (!isObject(prototype)) return warnOfShape();
      this.known.add(prototype);
      if (this.isEnabled()) this.attachTo(prototype);
    });
  }

  override enable(): void {
    super.enable();
    for (const prototype of this.known) this.attachTo(prototype);
  }

  override disable(): void {
    super.disable();
    this.patches.undo();
  }

  protected override init(): InstrumentationModuleDefinition[] {
    this.patches ??= new Patches();
    this.known ??= new Set();
    return NAMES.map((name) => {
      const patch = this.attachOnLoad();
      const definition: InstrumentationModuleDefinition = new InstrumentationNodeModuleDefinition(
        name,
        ['>=1.0.0'],
        patch,
      );
      // Betas too: the shape decides.
      definition.includePrerelease = true;
      return definition;
    });
  }

  private attachTo(prototype: object): void {
    if (!patchModels(prototype, this.patches, () => this.isEnabled())) warnOfShape();
  }
}

/** The ways into the package that run in Node. */
const NAMES = ['@google/genai', '@google/genai/node'];

function warnOfShape(): void {
  warnOnce(
    'shape of @google/genai',
    '@google/genai has no class Models with the methods of known versions: some or all of its calls are not seen',
  );
}
