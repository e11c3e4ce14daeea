import type { Policy } from '../../src/watch/protocol.ts';
import { type Commands, NO_OWN_BRANCH } from '../commands.ts';
import { LAST_STEPS } from '../destination.ts';
import { element, label, setAttributes } from '../dom.ts';
import { icon, iconButton } from '../icons.ts';
import { MOST_SEED, SPEEDS, type State } from '../state.ts';
import { NumberControl } from './number-control.ts';
import { NumberField } from './number-field.ts';
import { OtherNumbers } from './other-numbers.ts';

const BRANCH = 'Branch: change the number from this step on (B)';

/** Everything that plays the episodes and chooses among them. */
export class Controls {
  readonly #number: NumberControl;
  readonly #others: OtherNumbers;
  readonly #play: HTMLButtonElement;
  readonly #loop: HTMLButtonElement;
  readonly #branch: HTMLButtonElement;
  readonly #own: HTMLButtonElement;
  readonly #speed: HTMLSelectElement;
  readonly #last: HTMLButtonElement;
  readonly #seed: NumberField;
  readonly #before: HTMLButtonElement;
  readonly #after: HTMLButtonElement;
  readonly #policy: HTMLSelectElement;
  #showsPause: boolean | undefined;

  constructor(root: HTMLElement, commands: Commands) {
    this.#number = new NumberControl(commands);
    this.#others = new OtherNumbers(commands);
    this.#play = iconButton('play', 'Play (space)', () => commands.playOrPause());
    this.#play.classList.add('main');
    this.#loop = iconButton('loop', 'Loop this episode (L)', () => commands.toggleLoop());
    this.#branch = iconButton('branch', BRANCH, () => commands.toggleBranch(), 'Branch');
    this.#own = iconButton('person', 'Play it yourself (Y)', () => commands.toggleOwnPlay(), 'You');
    this.#last = element('button', { class: 'button', type: 'button', text: `−${LAST_STEPS}` });
    label(this.#last, `Play the last ${LAST_STEPS} steps (J)`);
    const speeds = SPEEDS.map(
      (speed) => [speed, speed === Number.POSITIVE_INFINITY ? 'max' : `${speed}×`] as const,
    );
    this.#speed = select('Speed (+ and −)', speeds, (speed) => commands.setSpeed(Number(speed)));
    this.#seed = new NumberField({
      onNumber: (seed) => commands.setSeed(seed),
      onInvalid: (notice) => commands.notify(notice),
    });
    this.#seed.describe('The episode number', [0, MOST_SEED]);
    label(this.#seed.input, 'Episode number (E to type, N for next, P for previous)');
    const policies = [
      ['greedy', 'greedy'],
      ['sample', 'sampled'],
    ] as const;
    this.#policy = select('How actions are chosen (G)', policies, (policy) =>
      commands.setPolicy(policy as Policy),
    );
    const episode = element('span', { class: 'caption', text: 'episode' });
    this.#before = iconButton('before', 'Previous episode (P)', () => commands.changeEpisode(-1));
    this.#after = iconButton('after', 'Next episode (N)', () => commands.changeEpisode(1));
    const compare = group('Compare', this.#branch, this.#own);
    compare.classList.add('closes');
    root.append(
      group(
        'Playback',
        iconButton('start', 'Go to the start (home)', () => commands.goTo(0)),
        iconButton('back', 'One step back (←)', () => commands.step(-1)),
        this.#play,
        iconButton('forward', 'One step forward (→)', () => commands.step(1)),
        iconButton('end', 'Go to the end (end)', () => commands.goToEnd()),
        this.#last,
        this.#loop,
        this.#speed,
      ),
      this.#number.root,
      ...moreMenu(
        this.#others.root,
        group('Episode', episode, ...[this.#before, this.#seed.input, this.#after], this.#policy),
        compare,
      ),
    );
  }

  /** Lets the number be typed. */
  typeNumber(): void {
    this.#number.type();
  }

  /** Lets an episode's number be typed. */
  typeSeed(): void {
    this.#seed.type();
  }

  show(state: State): void {
    const { playing, loop, speed, seed, policy, branching, own, replay, world } = state;
    if (playing !== this.#showsPause) {
      this.#showsPause = playing;
      this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
      label(this.#play, playing ? 'Pause (space)' : 'Play (space)');
    }
    setAttributes(this.#loop, { 'aria-pressed': String(loop) });
    setAttributes(this.#branch, { 'aria-pressed': String(branching !== null) });
    setAttributes(this.#own, { 'aria-pressed': String(own !== null) });
    this.#branch.disabled = replay !== null || own !== null || world?.number === null;
    const noNumber = world?.number === null && 'Branch: not in this world, which gives no number';
    label(this.#branch, (own !== null && `Branch: ${NO_OWN_BRANCH}`) || noNumber || BRANCH);
    for (const control of [this.#own, this.#policy, this.#seed.input, this.#before, this.#after])
      control.disabled = replay !== null;
    this.#before.disabled ||= seed === 0;
    this.#speed.value = String(speed);
    this.#policy.value = policy;
    this.#seed.show(seed);
    this.#number.show(state);
    this.#others.show(state);
  }
}

function select(
  name: string,
  options: readonly (readonly [value: string | number, text: string])[],
  onChange: (value: string) => void,
): HTMLSelectElement {
  const members = options.map(([value, text]) => element('option', { value, text }));
  const list = element('select', {}, ...members);
  label(list, name);
  list.addEventListener('change', () => onChange(list.value));
  return list;
}

function group(name: string, ...members: Node[]): HTMLElement {
  return element('div', { class: 'group', role: 'group', 'aria-label': name }, ...members);
}

/** What a phone has in a menu and other screens show directly. @returns the button that opens the menu, and the menu */
function moreMenu(...content: Node[]): [HTMLElement, HTMLElement] {
  const menu = element('div', { id: 'more-menu', class: 'more', popover: 'auto' }, ...content);
  const opener = element(
    'button',
    { class: 'button opener', type: 'button', popovertarget: 'more-menu' },
    icon('more'),
    element('span', { text: 'More' }),
  );
  label(opener, 'More: episode, branch, play it yourself');
  menu.addEventListener('click', ({ target }) => {
    // Several episodes can be looked through; a branch or a play is seen only once the menu has closed.
    const button = target instanceof Element && target.closest('.closes button');
    if (button && menu.matches(':popover-open')) menu.hidePopover();
  });
  return [opener, menu];
}
