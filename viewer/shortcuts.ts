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
    { keys: [']', 'ArrowUp'], says: 'tell a number one greater', run: () => actions.changeTime(1) },
    {
      keys: ['[', 'ArrowDown'],
      says: 'tell a number one less',
      run: () => actions.changeTime(-1),
    },
    { keys: ['}'], says: 'tell a number ten greater', run: () => actions.changeTime(10) },
    { keys: ['{'], says: 'tell a number ten less', run: () => actions.changeTime(-10) },
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
const MOVES: Readonly<Record<string, string>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ' ': 'pass',
};

const TYPED_INTO = 'input:not([type="checkbox"]), select, textarea';
const PRESSED = 'button, summary, a, input[type="checkbox"]';

/** Obeys the keyboard from now on, except where a focused control needs the key itself. */
export function listen(shortcuts: readonly Shortcut[], actions: Actions): void {
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey || !(target instanceof Element)) return;
    if (key === 'Escape') {
      actions.endAsides();
      return;
    }
    if (target.matches(TYPED_INTO)) return;
    if (document.querySelector('dialog[open]') !== null && key !== '?') return;
    const move = MOVES[key];
    if (move !== undefined && actions.act(move)) {
      event.preventDefault();
      return;
    }
    if (target.matches(PRESSED) && (key === ' ' || key === 'Enter')) return;
    const shortcut = shortcuts.find(({ keys }) => keys.includes(key));
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
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
