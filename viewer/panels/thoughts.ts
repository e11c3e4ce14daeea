import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Actions } from '../actions.ts';
import { element } from '../dom.ts';
import type { Track } from '../episode.ts';
import type { Pictures } from '../pictures.ts';
import { BLOCKS, type Block, type State } from '../state.ts';
import { ActionBars } from '../thoughts/action-bars.ts';
import { LstmMap } from '../thoughts/lstm-map.ts';
import { Observed } from '../thoughts/observed.ts';
import { PathwayMap } from '../thoughts/pathway-map.ts';
import type { Thought } from '../thoughts/thought.ts';
import { ValueLine } from '../thoughts/value-line.ts';

/** What an agent thinks: those aspects that were chosen. */
export class Thoughts {
  readonly root = element('div', { class: 'thoughts' });
  readonly #thoughts: Record<Block, Thought>;

  constructor(pictures: Pictures, actions: Actions) {
    this.#thoughts = {
      actions: new ActionBars(),
      value: new ValueLine(actions),
      pathway: new PathwayMap(),
      lstm: new LstmMap(),
      observed: new Observed(pictures),
    };
    for (const block of BLOCKS) this.root.append(this.#thoughts[block].root);
  }

  show(track: Track | undefined, agent: AgentInfo | null, state: State, colour: string): void {
    // In a replay nobody thinks.
    this.root.hidden = state.blocks.size === 0 || state.replay !== null;
    if (agent === null || this.root.hidden) return;
    for (const block of BLOCKS) {
      const { root } = this.#thoughts[block];
      root.hidden = !state.blocks.has(block);
      if (!root.hidden) this.#thoughts[block].show(track, agent, state, colour);
    }
  }
}
