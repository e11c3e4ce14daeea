import { type Commands, MOST_SEED, NO_OWN_BRANCH } from '../commands.ts';
import { element, setAttributes } from '../dom.ts';
import { type Icon, icon } from '../icons.ts';
import { SPEEDS, type State } from '../state.ts';
import { NumberControl } from './number-control.ts';
import { NumberField } from './number-field.ts';

const BRANCH = 'Branch: tell another number from this step on (B)';

/** Everything that sets the episodes going and chooses among them. */
export class Controls {
  readonly #number: NumberControl;
  readonly #play: HTMLButtonElement;
  readonly #loop: HTMLButtonElement;
  readonly #branch: HTMLButtonElement;
  readonly #own: HTMLButtonElement;
  readonly #speed: HTMLSelectElement;
  readonly #seed: NumberField;
  readonly #policy: HTMLSelectElement;
  #showsPause: boolean | undefined;

  constructor(root: HTMLElement, commands: Commands) {
    this.#number = new NumberControl(commands);
    this.#play = button('play', 'Play (space)', () => commands.playOrPause());
    this.#play.classList.add('main');
    this.#loop = button('loop', 'Loop this episode (L)', () => commands.toggleLoop());
    this.#branch = button('branch', BRANCH, () => commands.toggleBranch(), 'Branch');
    this.#own = button('person', 'Play it yourself (Y)', () => commands.toggleOwnPlay(), 'You');
    this.#speed = element('select', { 'aria-label': 'Speed', title: 'Speed (+ and −)' });
    for (const speed of SPEEDS) {
      const text = speed === Number.POSITIVE_INFINITY ? 'max' : `${speed}×`;
      this.#speed.append(element('option', { value: speed, text }));
    }
    this.#speed.addEventListener('change', () => commands.setSpeed(Number(this.#speed.value)));
    this.#seed = new NumberField({
      onNumber: (seed) => commands.setSeed(seed),
      onInvalid: (says) => commands.notify(says),
    });
    this.#seed.name('The episode number', [0, MOST_SEED]);
    label(this.#seed.input, 'Episode number, seed (E to type, N and P to go on and back)');
    this.#policy = element('select', {
      'aria-label': 'How actions are chosen',
      title: 'Greedy or sampled (G)',
    });
    this.#policy.append(
      element('option', { value: 'greedy', text: 'greedy' }),
      element('option', { value: 'sample', text: 'sampled' }),
    );
    this.#policy.addEventListener('change', () =>
      commands.setPolicy(this.#policy.value as 'greedy' | 'sample'),
    );

    root.append(
      group(
        'Playback',
        button('back', 'One step back (←)', () => commands.step(-1)),
        this.#play,
        button('forward', 'One step on (→)', () => commands.step(1)),
        button('next', 'Next episode (N)', () => commands.changeEpisode(1)),
        this.#loop,
        this.#speed,
      ),
      this.#number.root,
      ...more(
        group(
          'Episode',
          element(
            'label',
            { class: 'field' },
            element('span', { text: 'episode' }),
            this.#seed.input,
          ),
          this.#policy,
        ),
        group('Beside', this.#branch, this.#own),
      ),
    );
  }

  /** Lets the number told be typed. */
  typeTime(): void {
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
    label(
      this.#branch,
      own !== null
        ? `Branch: not of your own play. ${NO_OWN_BRANCH}`
        : world?.number === null
          ? 'Branch: not here, since this world tells no number'
          : BRANCH,
    );
    this.#own.disabled = replay !== null;
    this.#policy.disabled = replay !== null;
    this.#seed.input.disabled = replay !== null;
    this.#speed.value = String(speed);
    this.#policy.value = policy;
    this.#seed.show(seed);
    this.#number.show(state);
  }
}

export function button(
  name: Icon,
  says: string,
  run: () => void,
  text?: string,
): HTMLButtonElement {
  const made = element('button', { class: 'button', type: 'button' }, icon(name));
  if (text !== undefined) made.append(element('span', { text }));
  label(made, says);
  made.addEventListener('click', ({ detail }) => {
    // Clicked by pointer, it does not keep the focus, so that the space bar means what it means elsewhere.
    if (detail > 0) made.blur();
    run();
  });
  return made;
}

function label(target: HTMLElement, says: string): void {
  setAttributes(target, { 'aria-label': says, title: says });
}

function group(name: string, ...members: Node[]): HTMLElement {
  return element('div', { class: 'group', role: 'group', 'aria-label': name }, ...members);
}

/** What is in a menu on a phone, and elsewhere simply there. @returns what opens the menu, and the menu */
function more(...content: Node[]): [HTMLElement, HTMLElement] {
  const menu = element('div', { id: 'more-menu', class: 'more', popover: 'auto' }, ...content);
  const opener = element(
    'button',
    { class: 'button opener', type: 'button', popovertarget: 'more-menu' },
    icon('more'),
    element('span', { text: 'More' }),
  );
  label(opener, 'More: episode, branch, play it yourself');
  menu.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('button') && menu.matches(':popover-open'))
      menu.hidePopover();
  });
  return [opener, menu];
}
