import { ClientBudgets } from '../../watch/client-budget.ts';
import { Connection } from '../../watch/connection.ts';
import type { SourceNews } from '../../watch/episode-source.ts';
import { LiveSource } from '../../watch/live-source.ts';
import { Turns } from '../../watch/turns.ts';
import { PageAgents } from './page-agents.ts';
import { settle } from './place.ts';
import { PortWire } from './port-wire.ts';
import type { Beginning, Posted, TrainedNews } from './posted.ts';
import type { TrainedAgent } from './trained-agent.ts';

const NEWS_EVERY = 500;
/** Episodes at each number for the charts while an agent is trained, which needs the cores. */
const WHILE_TRAINING = 4;
/** One page, in a thread of its own, may use all of it. */
const PLENTY = { perSecond: 1e9, most: 1e9 };
const LIMITS = { messages: PLENTY, computing: PLENTY, steps: PLENTY };

/**
 * Plays what the page asks for, and says what a server would.
 * @param post takes a message to the page
 * @returns takes the page's messages
 */
export async function show(
  beginning: Beginning,
  post: (message: Posted) => void,
): Promise<(message: Posted | TrainedNews) => void> {
  const { page, fileOf } = await settle(beginning);
  const agents = new PageAgents(page, fileOf, beginning.trained as TrainedAgent | undefined);
  const source = new LiveSource(agents, agents, {
    get backgroundEpisodes() {
      return agents.isTraining ? WHILE_TRAINING : page.backgroundEpisodes;
    },
    ...{ lookEvery: NEWS_EVERY, whileTraining: false, played: agents.played },
  });
  const turns = new Turns({
    now: () => performance.now(),
    soon: laterSoon(),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const wire = new PortWire(post);
  const connection: Connection = new Connection(wire, {
    ...{ source, turns, server: page.id, version: page.program },
    budget: new ClientBudgets({ client: LIMITS, address: LIMITS }).join('page'),
    onPolicy: () => source.attend([connection.policy]),
    onUse() {},
  });
  const gathered: SourceNews[] = [];
  source.onNews((news) => void gathered.push(news));
  setInterval(() => {
    if (gathered.length > 0) connection.note(gathered.splice(0));
  }, NEWS_EVERY);
  source.attend([connection.policy]);
  return (message) => {
    if ('trained' in message) agents.hear(message.trained);
    else wire.receive(message);
  };
}

/** Calls an action once everything else that waits for this thread has had its turn. */
function laterSoon(): (action: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const actions: (() => void)[] = [];
  port1.addEventListener('message', () => actions.shift()?.());
  port1.start();
  return (action) => {
    actions.push(action);
    port2.postMessage(null);
  };
}
