import type { Commands } from '../commands.ts';
import { element, setAttributes, setText } from '../dom.ts';
import type { State } from '../state.ts';
import { millionFrames, trainingStops } from '../training-stops.ts';

/** Plays the same episode with the agents as they were at some point of their training. */
export class TrainingSlider {
  readonly root: HTMLElement;
  readonly #input = element('input', {
    ...{ type: 'range', min: 0, step: 1 },
    'aria-label': 'Frames of training of the agents that play',
  });
  readonly #says = element('output');
  #stops: readonly (number | null)[] = [];

  constructor(commands: Commands) {
    const caption = element('span', { text: 'Watch after' });
    this.root = element(
      'div',
      { class: 'training', hidden: true },
      caption,
      this.#input,
      this.#says,
    );
    this.#input.addEventListener('input', () =>
      commands.setTrained(this.#stops[this.#input.valueAsNumber] ?? null),
    );
  }

  show({ agents, trained }: State): void {
    this.#stops = trainingStops(agents);
    this.root.hidden = this.#stops.length === 0;
    const at = this.#stops.indexOf(trained);
    const text = trained === null ? 'all training' : millionFrames(trained);
    setAttributes(this.#input, { max: this.#stops.length - 1, 'aria-valuetext': text });
    this.#input.value = String(at < 0 ? this.#stops.length - 1 : at);
    setText(this.#says, text);
  }
}
