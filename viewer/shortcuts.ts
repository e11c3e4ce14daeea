import type { Commands } from './commands.ts';
import type { ReadoutName } from './state.ts';

/** A key, what it does in words, and how. */
export interface Shortcut {
  /** As `KeyboardEvent.key` gives it. */
  readonly keys: readonly string[];
  readonly label: string;
  run(): void;
}

/** What is done outside of {@link Commands}: with files and dialogs. */
export interface PageCommands {
  saveGif(): void;
  savePng(): void;
  saveReplay(): void;
  toggleHelp(): void;
  /** Lets a number be typed: the one told, or the episode's. */
  typeNumber(): void;
  typeSeed(): void;
}

/** Shortcuts that hold unless a person plays. */
export function listShortcuts(commands: Commands, page: PageCommands): Shortcut[] {
  const toggle = (key: string, name: ReadoutName, label: string): Shortcut => ({
    keys: [key],
    label: `show or hide ${label}`,
    run: () => commands.toggleReadout(name),
  });
  return [
    { keys: [' ', 'k'], label: 'play or pause', run: () => commands.playOrPause() },
    { keys: ['ArrowRight', '.'], label: 'one step on', run: () => commands.step(1) },
    { keys: ['ArrowLeft', ','], label: 'one step back', run: () => commands.step(-1) },
    { keys: ['Home'], label: 'to the start', run: () => commands.goTo(0) },
    { keys: ['End'], label: 'to the end', run: () => commands.goTo(Number.MAX_SAFE_INTEGER) },
    { keys: ['+', '='], label: 'faster', run: () => commands.changeSpeed(1) },
    { keys: ['-'], label: 'slower', run: () => commands.changeSpeed(-1) },
    { keys: ['l'], label: 'loop this episode', run: () => commands.toggleLoop() },
    { keys: ['n'], label: 'next episode', run: () => commands.changeEpisode(1) },
    { keys: ['p'], label: 'previous episode', run: () => commands.changeEpisode(-1) },
    { keys: ['e'], label: 'type an episode number', run: () => page.typeSeed() },
    {
      keys: [']', 'ArrowUp'],
      label: 'tell a number one greater',
      run: () => commands.changeNumber(1),
    },
    {
      keys: ['[', 'ArrowDown'],
      label: 'tell a number one less',
      run: () => commands.changeNumber(-1),
    },
    { keys: ['}'], label: 'tell a number ten greater', run: () => commands.changeNumber(10) },
    { keys: ['{'], label: 'tell a number ten less', run: () => commands.changeNumber(-10) },
    { keys: ['t'], label: 'type the number told', run: () => page.typeNumber() },
    { keys: ['g'], label: 'greedy or sampled actions', run: () => commands.togglePolicy() },
    {
      keys: ['b'],
      label: 'branch: tell another number from here on',
      run: () => commands.toggleBranch(),
    },
    { keys: ['y'], label: 'play it yourself', run: () => commands.toggleOwnPlay() },
    toggle('1', 'actions', 'the probabilities of the actions'),
    toggle('2', 'value', 'value and return'),
    toggle('3', 'pathway', 'the neural accumulator'),
    toggle('4', 'lstm', "the LSTM's memory"),
    toggle('5', 'observed', 'what the agent sees'),
    { keys: ['w'], label: 'show or hide the way walked', run: () => commands.togglePath() },
    { keys: ['c'], label: 'show or hide the charts', run: () => commands.toggleCharts() },
    { keys: ['r'], label: 'save the episode as GIF', run: () => page.saveGif() },
    { keys: ['s'], label: 'save this moment as PNG', run: () => page.savePng() },
    { keys: ['f'], label: 'save a replay file', run: () => page.saveReplay() },
    { keys: ['d'], label: 'dark or light', run: () => commands.toggleTheme() },
    { keys: ['?'], label: 'show or hide this list', run: () => page.toggleHelp() },
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
export function obeyKeyboard(shortcuts: readonly Shortcut[], commands: Commands): void {
  let movedAt = Number.NEGATIVE_INFINITY;
  const takesMove = (move: string | undefined, now: number) => {
    if (move === undefined || (!commands.act(move) && now - movedAt > BREATH)) return false;
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
      commands.endBranchAndPlay();
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
