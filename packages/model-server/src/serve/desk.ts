import { ScriptError } from '../failures.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { RecentCounts } from '../script/recent-counts.ts';
import type { Reply, Script } from '../script/reply.ts';
import type { ModelRequest, RequestContent } from '../script/request.ts';
import { rulesScript, type ScriptSource } from '../script/rules.ts';
import { readTags } from '../script/tags.ts';
import { AnswerMemory } from './answer-memory.ts';

/** Where calls meet the script: knows who called how often, and what is answered now. */
export class Desk {
  readonly ledger: Ledger;
  readonly answers: AnswerMemory = new AnswerMemory();
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
    const { previousId } = content;
    const said = previousId === undefined ? [] : this.answers.messagesUpTo(previousId);
    const messages = [...said, ...content.messages];
    const speaker = readTags({ ...content, messages });
    const agentCallNumber = this.#calls.add(JSON.stringify([speaker.session, speaker.agent]));
    return { ...content, messages, ...speaker, ...call, agentCallNumber };
  }

  /** @throws ScriptError when the script throws. */
  async reply(request: ModelRequest): Promise<Reply> {
    try {
      const reply = await this.#script(request);
      return { ...reply, latencyMs: reply.latencyMs ?? this.#latencyMs };
    } catch (error) {
      throw new ScriptError(`the script threw: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}

function scriptOf(source: ScriptSource): Script {
  return typeof source === 'function' ? source : rulesScript(source);
}
