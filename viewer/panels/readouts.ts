import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element } from '../dom.ts';
import type { Track } from '../episode.ts';
import type { Pictures } from '../pictures.ts';
import { ActionBars } from '../readouts/action-bars.ts';
import { LstmMap } from '../readouts/lstm-map.ts';
import { Observed } from '../readouts/observed.ts';
import { PathwayMap } from '../readouts/pathway-map.ts';
import type { Readout } from '../readouts/readout.ts';
import { ValueLine } from '../readouts/value-line.ts';
import { READOUTS, type ReadoutName, type State } from '../state.ts';

/** Views of what an agent computes: those that were chosen. */
export class Readouts {
  readonly root = element('div', { class: 'readouts' });
  readonly #readouts: Record<ReadoutName, Readout>;

  constructor(pictures: Pictures, commands: Commands) {
    this.#readouts = {
      actions: new ActionBars(),
      value: new ValueLine(commands),
      pathway: new PathwayMap(),
      lstm: new LstmMap(),
      observed: new Observed(pictures),
    };
    for (const name of READOUTS) this.root.append(this.#readouts[name].root);
  }

  show(track: Track | undefined, agent: AgentInfo | null, state: State, colour: string): void {
    // A replay has no network to look into.
    this.root.hidden = state.readouts.size === 0 || state.replay !== null;
    if (agent === null || this.root.hidden) return;
    for (const name of READOUTS) {
      const { root } = this.#readouts[name];
      root.hidden = !state.readouts.has(name);
      if (!root.hidden) this.#readouts[name].show(track, agent, state, colour);
    }
  }
}
