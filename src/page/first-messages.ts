import { setImmediate } from 'node:timers/promises';
import { SCHEDULING } from '../server/scheduling.ts';
import { ClientBudgets } from '../watch/client-budget.ts';
import { Connection } from '../watch/connection.ts';
import type { EpisodeSource } from '../watch/episode-source.ts';
import { openingNumber } from '../watch/opening-number.ts';
import { type EpisodeRequest, EXTRAS } from '../watch/protocol.ts';
import { Turns } from '../watch/turns.ts';
import { PortWire } from './browser/port-wire.ts';
import type { FirstMessages, Posted, WireMessage } from './browser/posted.ts';

/** Steps of the first episode that a page comes with. */
const MOST_FIRST = 512;
/** Turns after which nothing more comes that nobody asked for. */
const SETTLED = 20;

/** What a page is told that is opened without an address: the greeting, and the episode that it then asks for. */
export async function firstMessages(
  source: EpisodeSource,
  names: { readonly server: string; readonly version: string },
): Promise<FirstMessages> {
  const posted: Posted[] = [];
  const wire: PortWire = new PortWire((message) => {
    posted.push(message);
    if ('ping' in message) queueMicrotask(() => wire.receive({ pong: message.ping }));
  });
  const connection = new Connection(wire, {
    ...{ source, ...names, turns: new Turns(SCHEDULING), onPolicy() {}, onUse() {} },
    budget: new ClientBudgets().join('page'),
  });
  const rows = source.agents.map((_, agent) => source.rows(agent, 'greedy')?.all() ?? []);
  const number = source.world.number && openingNumber(source.world.number, rows);
  const asked = { number, seed: 0, policy: 'greedy' } as const;
  const request = {
    kind: 'episode' as const,
    id: 0,
    ...asked,
    include: [...EXTRAS],
    horizon: MOST_FIRST,
  };
  wire.receive({ text: JSON.stringify(request satisfies Omit<EpisodeRequest, 'have'>) });
  const isEnd = (message: Posted): boolean =>
    'text' in message && /^\{"kind":"(end|error)"/.test(message.text);
  for (let still = 0; still < SETTLED; still++) {
    if (posted.filter(isEnd).length < source.agents.length) still = 0;
    await setImmediate();
  }
  connection.close();
  const greeting: WireMessage[] = [];
  const episode: WireMessage[] = [];
  for (const message of posted) {
    if ('binary' in message) {
      episode.push({ binary: Buffer.from(message.binary).toString('base64') });
    } else if ('text' in message) {
      const isEpisode = /^\{"kind":"(begin|steps|end|error)"/.test(message.text);
      (isEpisode ? episode : greeting).push({ text: message.text });
    }
  }
  return { asked: JSON.stringify(asked), greeting, episode };
}
