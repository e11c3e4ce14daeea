import type { Commands } from './commands.ts';
import { LAST_STEPS } from './destination.ts';
import type { SaveRange } from './panels/save-range.ts';

/** Keys, what they do in words, and how. */
export interface Shortcut {
  /** As `KeyboardEvent.key` gives it. */
  readonly keys: readonly string[];
  /** What it does. {@link NUMBER} in it stands for the symbol of the world's number. */
  readonly label: string;
  run(): void;
}

/** Where a label names the number. */
export const NUMBER = '{number}';

/** Commands that need more than the store: files, dialogs and fields. */
export interface PageCommands {
  readonly saveRange: SaveRange;
  saveGif(): void;
  saveVideo(): void;
  savePng(): void;
  saveReplay(): void;
  toggleHelp(): void;
  /** Shows how every episode went. */
  showEpisodes(): void;
  /** Lets the world's number be typed, or the episode's. */
  typeNumber(): void;
  typeSeed(): void;
}

/** The shortcuts of the page; while a person plays, the keys of the world's actions come first. */
export function listShortcuts(commands: Commands, page: PageCommands): Shortcut[] {
  const entries: readonly (readonly [keys: string, label: string, run: () => void])[] = [
    ['Space k', 'play or pause', () => commands.playOrPause()],
    ['ArrowRight .', 'one step forward', () => commands.step(1)],
    ['ArrowLeft ,', 'one step back', () => commands.step(-1)],
    ['Home', 'go to the start', () => commands.goTo(0)],
    ['End', 'go to the end', () => commands.goToEnd()],
    ['j', `play the last ${LAST_STEPS} steps`, () => commands.playLastSteps()],
    ['+ =', 'faster', () => commands.changeSpeed(1)],
    ['-', 'slower', () => commands.changeSpeed(-1)],
    ['l', 'loop this episode', () => commands.toggleLoop()],
    ['n', 'next episode', () => commands.changeEpisode(1)],
    ['p', 'previous episode', () => commands.changeEpisode(-1)],
    ['e', 'type an episode number', () => page.typeSeed()],
    ['] ArrowUp', `increase ${NUMBER} by 1`, () => commands.changeNumber(1)],
    ['[ ArrowDown', `decrease ${NUMBER} by 1`, () => commands.changeNumber(-1)],
    ['}', `increase ${NUMBER} by 10`, () => commands.changeNumber(10)],
    ['{', `decrease ${NUMBER} by 10`, () => commands.changeNumber(-10)],
    ['t', `type a value for ${NUMBER}`, () => page.typeNumber()],
    ['g', 'greedy or sampled actions', () => commands.togglePolicy()],
    ['b', `branch: change ${NUMBER} from here on`, () => commands.toggleBranch()],
    ['y', 'play it yourself', () => commands.toggleOwnPlay()],
    ['1', 'show or hide the actions', () => commands.toggleReadout('actions')],
    ['2', 'show or hide the expected reward', () => commands.toggleReadout('value')],
    ['3', 'show or hide the pathway', () => commands.toggleReadout('pathway')],
    ['4', 'show or hide the memory', () => commands.toggleReadout('lstm')],
    ['5', 'show or hide what the agents see', () => commands.toggleReadout('observed')],
    ['w', 'show or hide the path', () => commands.togglePath()],
    ['c', 'show or hide the charts', () => commands.toggleCharts()],
    ['a', 'show all episodes at a glance', () => page.showEpisodes()],
    ['r', 'save the episode as a GIF', () => page.saveGif()],
    ['v', 'save the episode as a video', () => page.saveVideo()],
    ['s', 'save this moment as a PNG', () => page.savePng()],
    ['f', 'save a replay file', () => page.saveReplay()],
    ['d', 'dark or light', () => commands.toggleTheme()],
    ['?', 'show or hide this list', () => page.toggleHelp()],
  ];
  return entries.map(([keys, label, run]) => {
    return { keys: keys.split(' ').map((key) => (key === 'Space' ? ' ' : key)), label, run };
  });
}

/** After their play has ended, somebody who keeps tapping must pause for this many milliseconds before these keys mean something else. */
const PAUSE_AFTER_MOVES = 800;

/** Controls, and the keys that each needs while it has the focus. */
const CONTROL_KEYS: readonly (readonly [selector: string, keys: RegExp])[] = [
  ['input[type="number"]', /^([\d.,+-]|Arrow.*|Home|End|Page.*|Enter)$/],
  ['input[type="range"]', /^(Arrow.*|Home|End|Page.*)$/],
  ['select', /^(Arrow.*|Home|End|Page.*|Enter| )$/],
  ['button, summary, a, input[type="checkbox"]', /^(Enter| )$/],
];
const TYPED_INTO = 'input[type="number"]';

/** Runs shortcuts from now on, except for keys that the focused control needs. */
export function obeyKeyboard(shortcuts: readonly Shortcut[], commands: Commands): void {
  let movedAt = Number.NEGATIVE_INFINITY;
  const takesMove = (move: string | undefined, now: number) => {
    if (move === undefined || (!commands.act(move) && now - movedAt > PAUSE_AFTER_MOVES))
      return false;
    movedAt = now;
    return true;
  };
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target, timeStamp } = event;
    if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return;
    if (key === 'Escape') {
      // The browser closes what is open; nothing else should end.
      if (document.querySelector('dialog[open], :popover-open') !== null) return;
      movedAt = Number.NEGATIVE_INFINITY;
      if (!commands.stop()) commands.endBranchAndPlay();
      return;
    }
    const dialog = document.querySelector('dialog[open]');
    if (dialog !== null && !(key === '?' && dialog.matches('.help'))) return;
    const typing = target.matches(TYPED_INTO);
    if (!typing && takesMove(commands.moveOf(key), timeStamp)) {
      event.preventDefault();
      return;
    }
    const [, ownKeys] = CONTROL_KEYS.find(([selector]) => target.matches(selector)) ?? [];
    if (ownKeys?.test(key)) return;
    const shortcut = shortcuts.find(({ keys }) => keys.includes(key));
    if (shortcut === undefined) return;
    event.preventDefault();
    // Takes what was typed so far, and keeps this key out of it.
    if (typing) target.blur();
    shortcut.run();
  });
  leaveControls();
}

/** Takes the focus from controls once the pointer or Enter has used them, so that keys keep their usual meaning. */
function leaveControls(): void {
  let usesKeyboard = false;
  document.addEventListener('pointerdown', () => {
    usesKeyboard = false;
  });
  document.addEventListener('keydown', ({ key, target }) => {
    usesKeyboard = key !== 'Enter';
    if (key === 'Enter' && target instanceof HTMLElement && target.matches(TYPED_INTO))
      target.blur();
  });
  const leave = ({ target }: Event) => {
    if (
      !usesKeyboard &&
      target instanceof HTMLElement &&
      target.matches('input[type="range"], select')
    )
      target.blur();
  };
  document.addEventListener('change', leave);
  document.addEventListener('click', (event) => {
    if ((event.target as Element).matches('input[type="range"]')) leave(event);
  });
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Home: 'home',
  End: 'end',
};

/** What a key is called in the list. */
export const keyName = (key: string): string => KEY_NAMES[key] ?? key;
