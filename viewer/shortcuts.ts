import type { Actions } from './actions.ts';
import type { Block } from './state.ts';

/** A key, what it does in words, and how. */
export interface Shortcut {
  /** As `KeyboardEvent.key` gives it. */
  readonly keys: readonly string[];
  readonly says: string;
  run(): void;
}

/** What is done outside of {@link Actions}: with files and dialogs. */
export interface PageActions {
  recordGif(): void;
  recordPng(): void;
  recordReplay(): void;
  toggleHelp(): void;
  /** Lets a number be typed: the one told, or the episode's. */
  typeTime(): void;
  typeSeed(): void;
}

/** Shortcuts that hold unless a person plays. */
export function listShortcuts(actions: Actions, page: PageActions): Shortcut[] {
  const toggle = (key: string, block: Block, says: string): Shortcut => ({
    keys: [key],
    says: `show or hide ${says}`,
    run: () => actions.toggleBlock(block),
  });
  return [
    { keys: [' ', 'k'], says: 'play or pause', run: () => actions.playOrPause() },
    { keys: ['ArrowRight', '.'], says: 'one step on', run: () => actions.step(1) },
    { keys: ['ArrowLeft', ','], says: 'one step back', run: () => actions.step(-1) },
    { keys: ['Home'], says: 'to the start', run: () => actions.goTo(0) },
    { keys: ['End'], says: 'to the end', run: () => actions.goTo(Number.MAX_SAFE_INTEGER) },
    { keys: ['+', '='], says: 'faster', run: () => actions.changeSpeed(1) },
    { keys: ['-'], says: 'slower', run: () => actions.changeSpeed(-1) },
    { keys: ['l'], says: 'loop this episode', run: () => actions.toggleLoop() },
    { keys: ['n'], says: 'next episode', run: () => actions.changeEpisode(1) },
    { keys: ['p'], says: 'previous episode', run: () => actions.changeEpisode(-1) },
    { keys: ['e'], says: 'type an episode number', run: () => page.typeSeed() },
    { keys: [']', 'ArrowUp'], says: 'tell a number one greater', run: () => actions.changeTime(1) },
    {
      keys: ['[', 'ArrowDown'],
      says: 'tell a number one less',
      run: () => actions.changeTime(-1),
    },
    { keys: ['}'], says: 'tell a number ten greater', run: () => actions.changeTime(10) },
    { keys: ['{'], says: 'tell a number ten less', run: () => actions.changeTime(-10) },
    { keys: ['t'], says: 'type the number told', run: () => page.typeTime() },
    { keys: ['g'], says: 'greedy or sampled actions', run: () => actions.togglePolicy() },
    {
      keys: ['b'],
      says: 'branch: tell another number from here on',
      run: () => actions.toggleBranch(),
    },
    { keys: ['y'], says: 'play it yourself', run: () => actions.toggleOwn() },
    toggle('1', 'actions', 'the probabilities of the actions'),
    toggle('2', 'value', 'value and return'),
    toggle('3', 'pathway', 'the neural accumulator'),
    toggle('4', 'lstm', "the LSTM's memory"),
    toggle('5', 'observed', 'what the agent sees'),
    { keys: ['w'], says: 'show or hide the way walked', run: () => actions.togglePath() },
    { keys: ['c'], says: 'show or hide the charts', run: () => actions.toggleCharts() },
    { keys: ['r'], says: 'save the episode as GIF', run: () => page.recordGif() },
    { keys: ['s'], says: 'save this moment as PNG', run: () => page.recordPng() },
    { keys: ['f'], says: 'save a replay file', run: () => page.recordReplay() },
    { keys: ['d'], says: 'dark or light', run: () => actions.toggleTheme() },
    { keys: ['?'], says: 'show or hide this list', run: () => page.toggleHelp() },
  ];
}

/** What keys do while a person plays. */
export const MOVES: Readonly<Record<string, string>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ' ': 'pass',
};

/** Milliseconds after which somebody who tapped on beyond the end of their play means something else by these keys. */
const BREATH = 800;

/** Controls, and the keys that they need themselves while they have the focus. */
const NEEDED: readonly (readonly [selector: string, keys: RegExp])[] = [
  ['input[type="number"]', /^([\d.,+-]|Arrow.*|Home|End|Page.*|Enter)$/],
  ['input[type="range"]', /^(Arrow.*|Home|End|Page.*)$/],
  ['select', /^(Arrow.*|Home|End|Page.*|Enter| )$/],
  ['button, summary, a, input[type="checkbox"]', /^(Enter| )$/],
];
const TYPED_INTO = 'input[type="number"]';

/** Obeys the keyboard from now on, except where a focused control needs the key itself. */
export function listen(shortcuts: readonly Shortcut[], actions: Actions): void {
  let movedAt = Number.NEGATIVE_INFINITY;
  const takesMove = (move: string | undefined, now: number) => {
    if (move === undefined || (!actions.act(move) && now - movedAt > BREATH)) return false;
    movedAt = now;
    return true;
  };
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target, timeStamp } = event;
    if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return;
    if (key === 'Escape') {
      // It closes what is open, and only that.
      if (document.querySelector('dialog[open], :popover-open') !== null) return;
      movedAt = Number.NEGATIVE_INFINITY;
      actions.endAsides();
      return;
    }
    if (document.querySelector('dialog[open]') !== null && key !== '?') return;
    const typing = target.matches(TYPED_INTO);
    if (!typing && takesMove(MOVES[key], timeStamp)) {
      event.preventDefault();
      return;
    }
    const [, needed] = NEEDED.find(([selector]) => target.matches(selector)) ?? [];
    if (needed?.test(key)) return;
    const shortcut = shortcuts.find(({ keys }) => keys.includes(key));
    if (shortcut === undefined) return;
    event.preventDefault();
    // What was typed counts, and what is typed next is not part of it.
    if (typing) target.blur();
    shortcut.run();
  });
  leaveControls();
}

/** Lets controls lose the focus once a pointer or the enter key is through with them, so that keys mean what they mean elsewhere. */
function leaveControls(): void {
  let walks = false;
  document.addEventListener('pointerdown', () => {
    walks = false;
  });
  document.addEventListener('keydown', ({ key, target }) => {
    walks = key !== 'Enter';
    if (key === 'Enter' && target instanceof HTMLElement && target.matches(TYPED_INTO))
      target.blur();
  });
  const leave = ({ target }: Event) => {
    if (!walks && target instanceof HTMLElement && target.matches('input[type="range"], select'))
      target.blur();
  };
  document.addEventListener('change', leave);
  document.addEventListener('click', (event) => {
    if ((event.target as Element).matches('input[type="range"]')) leave(event);
  });
}

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Home: 'home',
  End: 'end',
};

/** How a key is called. */
export const nameKey = (key: string): string => NAMES[key] ?? key;
