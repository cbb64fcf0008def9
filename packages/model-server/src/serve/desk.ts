import type { Ledger } from '../ledger/ledger.ts';
import { RecentCounts } from '../script/recent-counts.ts';
import type { Reply, Script } from '../script/reply.ts';
import type { ModelRequest, RequestContent } from '../script/request.ts';
import { rulesScript, type ScriptSource } from '../script/rules.ts';
import { readTags } from '../script/tags.ts';

/** Where calls meet the script: knows who called how often, and what is answered now. */
export class Desk {
  readonly ledger: Ledger;
  readonly #latencyMs: number;
  readonly #calls = new RecentCounts();
  #script: Script;

  constructor(ledger: Ledger, options: { readonly script: ScriptSource; readonly latencyMs: number }) {
    this.ledger = ledger;
    this.#script = scriptOf(options.script);
    this.#latencyMs = options.latencyMs;
  }

  /** Answers all further calls by another script, which starts to count anew. */
  use(source: ScriptSource): void {
    this.#script = scriptOf(source);
    this.#calls.clear();
  }

  /** Completes a request by who speaks and how often they did. */
  receive(
    content: RequestContent,
    call: Pick<ModelRequest, 'endpoint' | 'callNumber' | 'body' | 'headers'>,
  ): ModelRequest {
    const speaker = readTags(content);
    const agentCallNumber = this.#calls.add(JSON.stringify([speaker.session, speaker.agent]));
    return { ...content, ...speaker, ...call, agentCallNumber };
  }

  async reply(request: ModelRequest): Promise<Reply> {
    const reply = await this.#script(request);
    return { ...reply, latencyMs: reply.latencyMs ?? this.#latencyMs };
  }
}

function scriptOf(source: ScriptSource): Script {
  return typeof source === 'function' ? source : rulesScript(source);
}
