import type { ServerMessage } from '../src/watch/protocol.ts';
import { type Address, runsOf } from './address.ts';
import type { Commands } from './commands.ts';
import type { EpisodeClient } from './episode-client.ts';
import { leastNumber } from './number-stops.ts';
import {
  type CurvePoints,
  distinguishingNumber,
  type Hello,
  rowsKey,
  type State,
} from './state.ts';
import type { Store } from './store.ts';

/** Milliseconds after its greeting in which the server sends what it knows about the agents. */
const FIRST_RESULTS = 60;

/** Puts the server's messages into the store, and starts with what the address asks for. */
export class MessageReceiver {
  readonly #store: Store<State>;
  readonly #episodes: EpisodeClient;
  readonly #commands: Commands;
  readonly #address: Address;
  #greeted = false;

  constructor(store: Store<State>, episodes: EpisodeClient, commands: Commands, address: Address) {
    this.#store = store;
    this.#episodes = episodes;
    this.#commands = commands;
    this.#address = address;
  }

  receive(message: ServerMessage): void {
    const { rows, curves, agents, episode } = this.#store.state;
    if (message.kind === 'hello') {
      this.#greet(message);
    } else if (message.kind === 'agents') {
      this.#store.update(this.#meet(message.agents));
      const ready = ({ checkpoint }: { checkpoint: string | null }) => checkpoint !== null;
      if (episode === null || agents.filter(ready).length < message.agents.filter(ready).length) {
        this.#commands.show();
      }
    } else if (message.kind === 'rows') {
      const key = rowsKey(message.agent, message.policy);
      this.#store.update({ rows: new Map(rows).set(key, message.rows) });
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

  #meet(agents: Hello['agents']): Pick<State, 'agents' | 'checkpoints'> {
    const checkpoints = new Map(this.#store.state.checkpoints);
    for (const { checkpoint, frames } of agents) {
      if (checkpoint !== null) checkpoints.set(checkpoint, frames);
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
    window.setTimeout(() => this.#begin(), FIRST_RESULTS);
  }

  /** Shows the first episode: the one in the address, or one that tells the agents apart. */
  #begin(): void {
    const { agents, replay, limits, world } = this.#store.state;
    if (limits === null || world === null) return;
    const { runs, number, others, seed, policy, step, branch } = this.#address;
    if (runs !== null && runs !== runsOf(agents)) {
      const others = runs.replaceAll(',', ' and ');
      this.#commands.notify(`This address was made for ${others}, which are not on screen.`);
    }
    const wanted = world.number ? (number ?? distinguishingNumber(this.#store.state)) : null;
    this.#store.update({
      number:
        replay?.number ??
        (wanted === null
          ? null
          : Math.max(leastNumber(world.number!), Math.min(wanted, limits.number))),
      others:
        replay?.others ??
        Object.fromEntries(
          (world.otherNumbers ?? []).flatMap(({ option }) =>
            others[option] === undefined ? [] : [[option, Math.min(others[option], limits.number)]],
          ),
        ),
      seed: replay?.seed ?? seed ?? 0,
      policy: replay?.policy ?? policy ?? 'greedy',
      playing: step === null,
    });
    const isBranched = branch !== null && world.number !== null && replay === null;
    const last = (moment: number) => Math.min(moment, limits.steps);
    if (isBranched)
      this.#commands.showBranched({ ...branch, at: last(branch.at) }, last(step ?? branch.at));
    else this.#commands.show(last(step ?? 0));
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
