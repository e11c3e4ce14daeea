import { LAST_STEPS } from '../destination.ts';
import { element, label } from '../dom.ts';
import { LastSeen } from '../last-seen.ts';
import { lastSteps, type StepRange, usualRange } from '../saving/step-range.ts';
import { type State, spanOf } from '../state.ts';
import { NumberField } from './number-field.ts';

/** Which steps of the episode a GIF or a video shows. Until somebody chooses, and in every other episode, the usual ones. */
export class SaveRange {
  readonly root: HTMLElement;
  readonly #from: NumberField;
  readonly #to: NumberField;
  #episode: State['episode'] = null;
  #length = 0;
  readonly #shown = new LastSeen();
  /** What somebody chose; null: the usual. */
  chosen: StepRange | null = null;

  constructor(notify: (notice: string) => void) {
    const field = (end: keyof StepRange) =>
      new NumberField({
        onNumber: (step) => this.#choose({ ...this.#range, [end]: step }),
        onInvalid: notify,
      });
    [this.#from, this.#to] = [field('from'), field('to')];
    label(this.#from.input, 'First step of a GIF or video');
    label(this.#to.input, 'Last step of a GIF or video');
    const button = (text: string, rangeOf: (length: number) => StepRange) => {
      const made = element('button', { class: 'button', type: 'button', text });
      made.addEventListener('click', () => this.#choose(rangeOf(this.#length)));
      return made;
    };
    this.root = element(
      'div',
      { class: 'save-range', role: 'group', 'aria-label': 'Steps of a GIF or video' },
      element('span', { text: 'Steps' }),
      this.#from.input,
      element('span', { text: 'to' }),
      this.#to.input,
      button('all', (length) => ({ from: 0, to: length })),
      button(`last ${LAST_STEPS}`, lastSteps),
    );
  }

  show(state: State): void {
    if (state.episode !== this.#episode) this.chosen = null;
    this.#episode = state.episode;
    const length = spanOf(state);
    if (length !== this.#length) {
      this.#from.describe('The first step', [0, length]);
      this.#to.describe('The last step', [0, length]);
    }
    this.#length = length;
    this.#write();
  }

  get #range(): StepRange {
    return this.chosen ?? usualRange(this.#length);
  }

  #choose(range: StepRange): void {
    this.chosen = range;
    this.#write();
  }

  #write(): void {
    const { from, to } = this.#range;
    if (!this.#shown.differs(from, to)) return;
    this.#from.show(from);
    this.#to.show(to);
  }
}
