import { countInputTokens } from '../usage.ts';
import { numberOf, Part, partOf, speak } from './dialogue.ts';
import { RecentCounts } from './recent-counts.ts';
import type { Reply, Script } from './reply.ts';
import type { ModelRequest, OfferedTool } from './request.ts';

/** How a scripted group chat goes. */
export interface GroupChatOptions {
  /** Another seed gives other texts and other lengths. @default 1 */
  readonly seed?: number | undefined;
  /** How often the draft goes from writer to critic. @default 2 */
  readonly rounds?: number | undefined;
  /** Sessions that misbehave: the critic never approves, and everybody talks three times as much. */
  readonly runaway?: (session: string) => boolean;
}

// Samples: transfer_to_Critic, handoff_to_writer, delegate_to_editor.
const HANDOFF = /transfer|hand_?off|delegate|assign/iu;
// Sample: transfer_back_to_supervisor, which frameworks put into the conversation without a model asking.
const HANDBACK = /back/iu;
// Sample: "Who speaks next? Answer with one of: Planner, Writer, Critic".
// No brackets in it: "… one of your agents. [agent:Planner]" is a prompt that says who is asked.
const CANDIDATES = /(?:one of|choose (?:from|between)|candidates)[^:\n[\]]*:\s*(?<names>[^\n.[\]]+)/iu;
// How much longer a runaway session goes on where something has to end it.
const RUNAWAY_FACTOR = 3;
// Real caches begin at 1024 tokens, which scripted chats hardly reach; the step is the real one.
const CACHED_TOKENS_STEP = 128;

/**
 * A chat of planner, writer and critic. Tools that the request offers are called once each, then the chat is handed on where
 * handoff tools are offered, and else the agent speaks. The critic's last word holds `APPROVED`.
 */
export function groupChatScript(options: GroupChatOptions = {}): Script {
  const { seed = 1, rounds = 2, runaway } = options;
  const spoken = new RecentCounts();
  return (request) => {
    const { agent, session = '' } = request;
    const isRunaway = runaway?.(session) ?? false;
    const maxRounds = isRunaway ? rounds * RUNAWAY_FACTOR : rounds;
    const candidate = nextSpeaker(request, () => spoken.add(JSON.stringify([session, 'speaker selection'])));
    if (candidate !== undefined) return { text: candidate };
    const tool = toolToUse(request, maxRounds);
    if (tool !== undefined) return { toolCalls: [{ name: tool.name }], usage: cachedUsage(request) };
    if (request.schema !== undefined || isForced(request)) return { usage: cachedUsage(request) };
    const turn = spoken.add(JSON.stringify([session, agent]));
    const key = `${seed} ${session} ${agent ?? ''} ${turn}`;
    const part = partOf(agent, request.system);
    const sentences = (2 + numberOf(key, 3)) * (isRunaway ? RUNAWAY_FACTOR : 1);
    const isLast = turn >= rounds || request.tools.some(({ name }) => HANDOFF.test(name));
    const verdict = part === Part.critic && !isRunaway && isLast ? ' APPROVED.' : '';
    return { text: speak(part, key, sentences) + verdict, usage: cachedUsage(request) };
  };
}

// What the request demands is done by an empty reply.
function isForced({ toolChoice }: ModelRequest): boolean {
  return toolChoice !== undefined && toolChoice !== 'none';
}

function toolToUse(request: ModelRequest, rounds: number): OfferedTool | undefined {
  if (typeof request.toolChoice === 'object' || request.toolChoice === 'none') return undefined;
  return toolToCall(request) ?? handoffToMake(request, rounds);
}

/** The tool to call now: each is called once, and the same agent's answer follows its result. */
function toolToCall({ tools, messages, schema }: ModelRequest): OfferedTool | undefined {
  if (schema !== undefined) return undefined;
  const called = new Set(messages.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name)));
  return tools.find(({ name }) => !HANDOFF.test(name) && !called.has(name));
}

/** The handoff to make now: to whom the chat was handed least often, until there were enough of them. */
function handoffToMake({ tools, messages }: ModelRequest, rounds: number): OfferedTool | undefined {
  const made = messages
    .flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name))
    .filter((name) => HANDOFF.test(name) && !HANDBACK.test(name));
  // A round is two handoffs: to the writer, and to the critic.
  if (made.length >= rounds * 2) return undefined;
  const times = ({ name }: OfferedTool): number => made.filter((one) => one === name).length;
  const offered = tools.filter(({ name }) => HANDOFF.test(name) && !HANDBACK.test(name));
  return offered.reduce<OfferedTool | undefined>(
    (best, tool) => (best === undefined || times(tool) < times(best) ? tool : best),
    undefined,
  );
}

// The first candidate opens, the others take turns.
function nextSpeaker(request: ModelRequest, count: () => number): string | undefined {
  const asked = request.messages.at(-1)?.text ?? '';
  const names = (CANDIDATES.exec(asked) ?? CANDIDATES.exec(request.system))?.groups?.['names'];
  const candidates = names?.split(/,|\bor\b|\band\b/u).flatMap((name) => name.trim() || []) ?? [];
  if (candidates.length === 0) return undefined;
  const number = count() - 1;
  return number === 0 || candidates.length === 1
    ? candidates[0]
    : candidates[1 + ((number - 1) % (candidates.length - 1))];
}

// What came before the last message was sent before, and is cached in whole steps.
function cachedUsage(request: ModelRequest): NonNullable<Reply['usage']> {
  const input = countInputTokens(request);
  const before = countInputTokens({ ...request, messages: request.messages.slice(0, -1) });
  const cacheRead = request.messages.length > 1 ? Math.floor(before / CACHED_TOKENS_STEP) * CACHED_TOKENS_STEP : 0;
  return { input, cacheRead };
}
