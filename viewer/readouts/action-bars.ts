import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setText } from '../dom.ts';
import { entropyOf, isOver, stepAt, type Track } from '../episode.ts';
import type { State } from '../state.ts';
import type { Readout } from './readout.ts';
import { frameReadout } from './readout-frame.ts';

/** Signs of actions that many worlds have; others are written out. */
export const SIGNS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pass: '•',
};

const EXPLAINS =
  'How probable the agent makes each action; the one that it takes is dark. Entropy says how undecided it is: 0 where all is settled.';

interface Bar {
  readonly root: HTMLElement;
  readonly fill: HTMLElement;
  readonly said: HTMLElement;
}

/** How probable each action is, which one is taken, and how undecided that is. */
export class ActionBars implements Readout {
  readonly #list = element('ul', { class: 'bars' });
  readonly #frame = frameReadout('actions', 'Actions', EXPLAINS, this.#list);
  readonly root = this.#frame.root;
  #names: readonly string[] = [];
  #bars: Bar[] = [];

  show(track: Track | undefined, _: AgentInfo, { world, moment }: State): void {
    if (world === null) return;
    if (world.actions !== this.#names) this.#make(world.actions);
    const step = track && stepAt(track, moment);
    const over = track === undefined || isOver(track, moment);
    this.root.classList.toggle('past', over);
    const probabilities = step?.probabilities ?? null;
    this.#bars.forEach(({ root, fill, said }, action) => {
      const share = probabilities?.[action] ?? 0;
      fill.style.transform = `scaleY(${share})`;
      root.classList.toggle('taken', step?.action === action);
      setText(said, `${Math.round(share * 100)} %`);
    });
    const entropy = probabilities && entropyOf(probabilities.map((share) => share ?? 0));
    this.#frame.showFigure(entropy === null ? '' : `entropy ${Math.abs(entropy).toFixed(2)}`);
  }

  #make(names: readonly string[]): void {
    this.#names = names;
    this.#bars = names.map((name) => {
      const fill = element('span', { class: 'fill' });
      const said = element('span', { class: 'heard' });
      const sign = element('span', {
        class: 'sign',
        text: SIGNS[name] ?? name,
        'aria-hidden': 'true',
      });
      const label = element('span', { class: 'heard', text: name });
      const root = element(
        'li',
        { title: name },
        element('span', { class: 'bar' }, fill),
        sign,
        label,
        said,
      );
      return { root, fill, said };
    });
    this.#list.replaceChildren(...this.#bars.map(({ root }) => root));
  }
}
