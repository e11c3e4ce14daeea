import type { AgentInfo } from '../../src/watch/protocol.ts';
import { signsOf } from '../action-signs.ts';
import { element, setText } from '../dom.ts';
import { entropyOf, hasOverflowed, OVERFLOWED, stepAt, type Track } from '../episode.ts';
import type { State } from '../state.ts';
import { frameReadout, type Readout } from './readout.ts';

const ABOUT = {
  title: 'Actions',
  short: 'Actions',
  explanation:
    'How likely the agent is to take each action. The one it takes is outlined. Entropy measures how undecided the agent is: 0 means that it is certain.',
};

interface Bar {
  readonly root: HTMLElement;
  readonly fill: HTMLElement;
  readonly percent: HTMLElement;
}

/** The probability of each action, which one is taken, and how undecided the agent is. */
export class ActionBars implements Readout {
  readonly #list = element('ul', { class: 'bars' });
  readonly #frame = frameReadout('actions', ABOUT, this.#list);
  readonly root = this.#frame.root;
  #names: readonly string[] = [];
  #bars: Bar[] = [];

  show(track: Track | undefined, _: AgentInfo, { world, moment }: State): void {
    if (world === null) return;
    if (world.actions !== this.#names) this.#make(world.actions);
    const step = track && stepAt(track, moment);
    const overflowed = step !== undefined && hasOverflowed(step);
    this.root.classList.toggle('overflowed', overflowed);
    const probabilities = (overflowed ? null : (step?.probabilities as number[] | null)) ?? null;
    this.#bars.forEach(({ root, fill, percent }, action) => {
      const share = probabilities?.[action] ?? 0;
      fill.style.transform = `scaleY(${share})`;
      root.classList.toggle('taken', step?.action === action);
      setText(percent, probabilities === null ? '' : `${Math.round(share * 100)} %`);
    });
    const entropy = probabilities && Math.abs(entropyOf(probabilities)).toFixed(2);
    if (overflowed) this.#frame.showValue(OVERFLOWED);
    else if (entropy === null) this.#frame.showValue('');
    else this.#frame.showValue(`entropy ${entropy}`, `${entropy} nats`);
  }

  #make(names: readonly string[]): void {
    this.#names = names;
    const signs = signsOf(names);
    this.#bars = names.map((name, action) => {
      const fill = element('span', { class: 'fill' });
      const percent = element('span', { class: 'heard' });
      const text = signs[action]!;
      const root = element(
        'li',
        { title: name },
        element('span', { class: 'bar' }, fill),
        element('span', { class: 'sign', text, 'aria-hidden': 'true' }),
        element('span', { class: 'heard', text: name }),
        percent,
      );
      return { root, fill, percent };
    });
    this.#list.replaceChildren(...this.#bars.map(({ root }) => root));
  }
}
