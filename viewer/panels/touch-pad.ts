import type { Commands } from '../commands.ts';
import { element } from '../dom.ts';
import { SIGNS } from '../readouts/action-bars.ts';
import { MOVES } from '../shortcuts.ts';
import type { State } from '../state.ts';

/** Whether there may be no keyboard to play with. */
export const playsByTouch = (): boolean =>
  window.matchMedia('(pointer: coarse), (max-width: 899px)').matches;

/** A button for each action while a person plays, instead of the other controls: where keys may be missing, or an action has none. */
export class TouchPad {
  readonly #controls: HTMLElement;
  readonly #commands: Commands;
  readonly #root = element('div', {
    class: 'pad',
    role: 'group',
    'aria-label': 'Your move',
    hidden: true,
  });
  #names: readonly string[] = [];

  /** @param controls shows either the pad or all else */
  constructor(controls: HTMLElement, commands: Commands) {
    this.#controls = controls;
    this.#commands = commands;
    controls.append(this.#root);
  }

  show({ own, world }: State): void {
    const names = world?.actions ?? [];
    const keyed = Object.values(MOVES);
    const isNeeded = playsByTouch() || names.some((name) => !keyed.includes(name));
    const isOn = own !== null && !own.whole && isNeeded;
    if (names !== this.#names) this.#fill(names);
    if (isOn !== this.#root.hidden) return;
    this.#root.hidden = !isOn;
    this.#controls.classList.toggle('by-touch', isOn);
    // Panes can be one below the other, and the person's is the last.
    if (isOn) document.querySelector('[data-pane="own"]')?.scrollIntoView({ block: 'center' });
  }

  #fill(names: readonly string[]): void {
    this.#names = names;
    const press = (says: string, text: string, name: string, run: () => void) => {
      const made = element('button', { type: 'button', text, 'aria-label': says });
      made.dataset.move = name;
      made.addEventListener('click', run);
      return made;
    };
    const moves = names.map((name) => {
      const says = name === 'pass' ? 'wait' : name;
      const sign = name === 'pass' ? says : (SIGNS[name] ?? name);
      return press(says, sign, name, () => this.#commands.act(name));
    });
    const end = press('End your play', 'End', 'end', () => this.#commands.endBranchAndPlay());
    this.#root.replaceChildren(...moves, end);
    this.#root.classList.toggle(
      'cross',
      ['up', 'down', 'left', 'right'].every((name) => names.includes(name)),
    );
  }
}
