import { keysOf, MOVE_KEYS, signsOf } from '../action-signs.ts';
import type { Commands } from '../commands.ts';
import { element } from '../dom.ts';
import type { State } from '../state.ts';

/** Whether a person may have no keyboard to play with. */
export const playsByTouch = (): boolean =>
  window.matchMedia('(pointer: coarse), (max-width: 899px)').matches;

/** Moves that have a place in the cross that a phone shows. */
const CROSS: readonly string[] = [...Object.values(MOVE_KEYS), 'end'];

/** A button for each action while a person plays, in place of the controls: for screens without a keyboard, and actions without a key. */
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

  /** @param controls shows either the pad or everything else */
  constructor(controls: HTMLElement, commands: Commands) {
    this.#controls = controls;
    this.#commands = commands;
    controls.append(this.#root);
  }

  show({ own, world }: State): void {
    const names = world?.actions ?? [];
    const keyed = Object.values(MOVE_KEYS);
    const isNeeded = playsByTouch() || names.some((name) => !keyed.includes(name));
    const isOn = own !== null && !own.whole && isNeeded;
    if (names !== this.#names) this.#fill(names);
    if (isOn !== this.#root.hidden) return;
    this.#root.hidden = !isOn;
    this.#controls.classList.toggle('by-touch', isOn);
    // On a phone the person's pane is the last of several below one another.
    if (isOn) document.querySelector('[data-pane="own"]')?.scrollIntoView({ block: 'center' });
  }

  #fill(names: readonly string[]): void {
    this.#names = names;
    const press = (label: string, text: string, move: string, run: () => void) => {
      const button = element('button', {
        type: 'button',
        text,
        'aria-label': label,
        'data-move': move,
      });
      if (CROSS.includes(move)) button.style.gridArea = move;
      button.addEventListener('click', run);
      return button;
    };
    const moves = names.map((name, action) => {
      const label = name === 'pass' ? 'wait' : name;
      const isUsual = Object.values(MOVE_KEYS).includes(name);
      const sign = isUsual && name !== 'pass' ? signsOf(names)[action]! : label;
      const button = press(label, sign, name, () => this.#commands.act(name));
      const key = keysOf(names).get(name);
      if (!isUsual && key !== undefined)
        button.append(element('kbd', { text: key, 'aria-hidden': 'true' }));
      return button;
    });
    const end = press('End your play', 'End', 'end', () => this.#commands.endBranchAndPlay());
    this.#root.replaceChildren(...moves, end);
    const isCross = ['up', 'down', 'left', 'right'].every((name) => names.includes(name));
    this.#root.classList.toggle('cross', isCross);
  }
}
