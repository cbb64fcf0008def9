import {
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';
import { guarded, warnOnce } from '../../emit/guarded.ts';
import { processState } from '../../session/process-state.ts';
import { isObject } from '../../usage/json-object.ts';
import { Patches } from '../patches.ts';
import { TurnmeterInstrumentation } from '../turnmeter-instrumentation.ts';
import type { ClientApi } from './model-endpoint.ts';
import { clientHoldersOf, patchClient, type ClientHolders } from './patch-client.ts';

/** A company's client package. */
export interface ClientPackage {
  readonly api: ClientApi;
  readonly packageName: string;
  /** Ranges of versions; open upwards, since the class's shape is looked at. */
  readonly versions: readonly string[];
  /** Other ways into the package that export the client class or one that extends it, for who does not import the whole. */
  readonly entries: readonly string[];
}

/** Attaches to a package whose client class is generated as those of OpenAI and Anthropic are. */
export abstract class ClientInstrumentation extends TurnmeterInstrumentation {
  declare private patches: Patches;
  /** Every class that was ever attached to, to attach to it again: ESM and CJS copies are different classes. */
  declare private known: Set<ClientHolders>;

  /** Asked by the constructor of the base class, before the fields of a subclass exist. */
  protected abstract clientPackage(): ClientPackage;

  override attach(moduleExports: unknown): void {
    const { api } = this.clientPackage();
    guarded(`attaching to ${api.name}`, () => {
      const found = holdersIn(moduleExports);
      if (found.length === 0) {
        warnOnce(
          `shape of ${api.name}`,
          `${api.name} has no client class with post() and makeRequest(), as its known versions have: its calls are not seen`,
        );
      }
      for (const holders of found) {
        this.remember(holders);
        if (this.isEnabled()) this.attachTo(holders);
      }
    });
  }

  override enable(): void {
    super.enable();
    for (const holders of this.known) this.attachTo(holders);
  }

  override disable(): void {
    super.disable();
    processState().guardedClients.delete(this.clientPackage().api.name);
    this.patches.undo();
  }

  protected override init(): InstrumentationModuleDefinition[] {
    this.patches ??= new Patches();
    this.known ??= new Set();
    const { packageName, versions, entries } = this.clientPackage();
    const supported = [...versions];
    const patch = this.attachOnLoad();
    // CommonJS names the files of a package, ES modules what was imported.
    const files = entries.map(
      (entry) => new InstrumentationNodeModuleFile(`${packageName}/${entry}.js`, supported, patch, () => undefined),
    );
    const definitions: InstrumentationModuleDefinition[] = [
      new InstrumentationNodeModuleDefinition(packageName, supported, patch, undefined, files),
      ...entries.map((entry) => new InstrumentationNodeModuleDefinition(`${packageName}/${entry}`, supported, patch)),
    ];
    // Betas too: the shape decides.
    for (const definition of definitions) definition.includePrerelease = true;
    return definitions;
  }

  private attachTo(holders: ClientHolders): void {
    processState().guardedClients.add(this.clientPackage().api.name);
    patchClient(holders, {
      patches: this.patches,
      api: this.clientPackage().api,
      isEnabled: () => this.isEnabled(),
    });
  }

  private remember(holders: ClientHolders): void {
    for (const known of this.known) {
      if (known.post === holders.post && known.makeRequest === holders.makeRequest) return;
    }
    this.known.add(holders);
  }
}

/** In a class by itself, or in whatever a module exports: the class, those that extend it, and much else. */
function holdersIn(moduleExports: unknown): readonly ClientHolders[] {
  const own = clientHoldersOf(moduleExports);
  if (own !== undefined) return [own];
  // CommonJS packages export a function whose properties are their exports.
  if (typeof moduleExports !== 'function' && !isObject(moduleExports)) return [];
  return Object.values(moduleExports)
    .map(clientHoldersOf)
    .filter((holders) => holders !== undefined);
}
