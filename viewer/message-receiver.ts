import type { RewardRow, ServerMessage } from '../src/watch/protocol.ts';
import { runsOf } from './address.ts';
import type { Commands } from './commands.ts';
import type { EpisodeClient } from './episode-client.ts';
import { openAddress } from './open-address.ts';
import { isCharted } from './opening-number.ts';
import { type CurvePoints, type Hello, rowsKey, type State } from './state.ts';
import type { Store } from './store.ts';

/** Milliseconds after its greeting in which the server sends what it knows about the agents. */
const FIRST_RESULTS = 60;
/** Milliseconds between two changes of the charts by number: while they fill up, the server has news all the time. */
const CHART_EVERY = 250;

/** Puts the server's messages into the store, and starts with what the address asks for. */
export class MessageReceiver {
  readonly #store: Store<State>;
  readonly #episodes: EpisodeClient;
  readonly #commands: Commands;
  readonly #search: string;
  /** All that the server has sent; a page charts only what concerns it. */
  readonly #rows = new Map<string, ReadonlyMap<number, RewardRow>>();
  #outcomes: State['outcomes'] = new Map();
  readonly #shown = new Set<number>();
  #chartsDue: number | undefined;
  #greeted = false;

  constructor(store: Store<State>, episodes: EpisodeClient, commands: Commands, search: string) {
    this.#store = store;
    this.#episodes = episodes;
    this.#commands = commands;
    this.#search = search;
    store.watch(
      ({ number, branchNumber }) => [number, branchNumber],
      (numbers) => {
        for (const number of numbers) if (number !== null) this.#shown.add(number);
        this.#chartRows();
      },
    );
  }

  receive(message: ServerMessage): void {
    const { curves, agents, episode, own } = this.#store.state;
    if (message.kind === 'hello') {
      this.#greet(message);
    } else if (message.kind === 'agents') {
      this.#store.update(this.#meet(message.agents));
      const ready = ({ checkpoint }: { checkpoint: string | null }) => checkpoint !== null;
      const isNew = agents.filter(ready).length < message.agents.filter(ready).length;
      // Somebody's play is not ended for it.
      if (episode === null || (isNew && own === null)) this.#commands.show();
    } else if (message.kind === 'rows') {
      const key = rowsKey(message.agent, message.policy);
      const known = new Map(message.replaces ? [] : this.#rows.get(key));
      for (const row of message.rows) known.set(row.number, row);
      this.#rows.set(key, known);
      this.#chartSoon();
    } else if (message.kind === 'outcomes') {
      const key = rowsKey(message.agent, message.policy);
      const known = new Map(message.replaces ? [] : this.#outcomes.get(key));
      for (const row of message.rows) known.set(row.number, row.outcomes);
      this.#outcomes = new Map(this.#outcomes).set(key, known);
      this.#chartSoon();
    } else if (message.kind === 'curve') {
      const { agent, ...points } = message;
      this.#store.update({
        curves: new Map(curves).set(agent, extended(curves.get(agent), points)),
      });
    } else if (message.kind === 'study') {
      const { summary, runs } = message;
      this.#store.update({ study: { summary, runs } });
    } else {
      this.#episodes.receive(message);
    }
  }

  #chartSoon(): void {
    this.#chartsDue ??= window.setTimeout(() => this.#chartRows(), CHART_EVERY);
  }

  #chartRows(): void {
    window.clearTimeout(this.#chartsDue);
    this.#chartsDue = undefined;
    const { world } = this.#store.state;
    if (!world?.number) return;
    const { trained } = world.number;
    const rows = [...this.#rows].map(
      ([key, all]) =>
        [
          key,
          [...all.values()]
            .filter(({ number }) => isCharted(number, trained, this.#shown))
            .sort((one, other) => one.number - other.number),
        ] as const,
    );
    this.#store.update({ rows: new Map(rows), outcomes: this.#outcomes });
  }

  #meet(agents: Hello['agents']): Pick<State, 'agents' | 'checkpoints'> {
    const checkpoints = new Map(this.#store.state.checkpoints);
    for (const { checkpoint, frames, kept } of agents) {
      if (checkpoint !== null) checkpoints.set(checkpoint, frames);
      for (const one of kept ?? []) checkpoints.set(one.checkpoint, one.frames);
    }
    return { agents, checkpoints };
  }

  #greet({ world, agents, replay, limits }: Hello): void {
    const before = this.#store.state;
    // Another world or other agents under the same address: everything on the page is out of date.
    if (
      this.#greeted &&
      (before.world?.id !== world.id || runsOf(before.agents) !== runsOf(agents))
    ) {
      window.location.reload();
      return;
    }
    this.#rows.clear();
    this.#outcomes = new Map();
    this.#store.update({
      connection: 'open',
      study: null,
      world,
      replay,
      limits,
      notice: '',
      ...this.#meet(agents),
    });
    if (this.#greeted) {
      this.#episodes.resume();
      return;
    }
    this.#greeted = true;
    window.setTimeout(() => {
      this.#chartRows();
      openAddress(this.#search, this.#store, this.#commands);
    }, FIRST_RESULTS);
  }
}

function extended(
  before: CurvePoints | undefined,
  { from, frames, reward, exact }: CurvePoints & { readonly from: number },
): CurvePoints {
  if (before === undefined) return { frames, reward, exact };
  return {
    frames: [...before.frames.slice(0, from), ...frames],
    reward: [...before.reward.slice(0, from), ...reward],
    exact: [...before.exact.slice(0, from), ...exact],
  };
}
