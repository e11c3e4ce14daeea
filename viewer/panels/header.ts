import type { Commands } from '../commands.ts';
import { element, label, setAttributes, setText } from '../dom.ts';
import type { ToldNumber } from '../episode.ts';
import { type Icon, icon, iconButton } from '../icons.ts';
import type { PageCommands } from '../shortcuts.ts';
import { READOUT_LABELS, READOUTS, type ReadoutName, type State } from '../state.ts';
import type { SaveRange } from './save-range.ts';

type BoxName = ReadoutName | 'path' | 'charts';

/** The agents' task in a sentence, and menus of what to show, save and look up. */
export class Header {
  readonly #task: HTMLElement;
  readonly #range: SaveRange;
  readonly #theme: HTMLButtonElement;
  readonly #boxes = new Map<BoxName, HTMLInputElement>();
  #sentence = '';
  #dark: boolean | undefined;

  constructor(task: HTMLElement, tools: HTMLElement, commands: Commands, page: PageCommands) {
    this.#task = task;
    this.#range = page.saveRange;
    this.#theme = iconButton('moon', 'Dark or light (D)', () => commands.toggleTheme());
    tools.append(
      menu(
        'view',
        'eye',
        'Show or hide (1 to 5, W, C)',
        this.#box('path', 'Path', 'W', () => commands.togglePath()),
        ...READOUTS.map((name, index) =>
          this.#box(name, READOUT_LABELS[name], String(index + 1), () =>
            commands.toggleReadout(name),
          ),
        ),
        this.#box('charts', 'Charts', 'C', () => commands.toggleCharts()),
      ),
      menu(
        'save',
        'save',
        'Save (R, V, S, F)',
        page.saveRange.root,
        choice('GIF', 'these steps', 'R', () => page.saveGif()),
        choice('Video', 'these steps', 'V', () => page.saveVideo()),
        choice('PNG', 'this moment', 'S', () => page.savePng()),
        choice('Replay file', 'for timegrid watch', 'F', () => page.saveReplay()),
      ),
      this.#theme,
      iconButton('help', 'Keyboard shortcuts (?)', () => page.toggleHelp()),
    );
  }

  show(state: State): void {
    this.#range.show(state);
    const { readouts, path, charts, theme, world, episode, moment, replay } = state;
    for (const [name, box] of this.#boxes) {
      box.checked = name === 'path' ? path : name === 'charts' ? charts : readouts.has(name);
    }
    if (this.#dark !== (theme === 'dark')) {
      this.#dark = theme === 'dark';
      this.#theme.replaceChildren(icon(this.#dark ? 'sun' : 'moon'));
    }
    setAttributes(this.#theme, { 'aria-pressed': String(this.#dark) });
    if (world === null) return;
    if (episode === null) {
      setText(this.#task, 'Loading the first episode…');
      return;
    }
    const players = state.agents.filter(({ person }) => !person);
    const agents = players.length;
    const isTrained = replay !== null || players.some(({ frames }) => frames > 0);
    const told = episode.numbersAt(moment);
    const due = episode.dueAt(moment);
    const sentence = JSON.stringify([agents, isTrained, told, due, world.id, replay === null]);
    if (sentence === this.#sentence) return;
    this.#sentence = sentence;
    const who = ['The player', 'The agent', 'Both agents'][agents] ?? 'All agents';
    const [only, ...others] = told;
    if (only === undefined) {
      this.#task.replaceChildren(`${world.id}: same world, same start, same step.`);
    } else if (only.countsSteps && others.length === 0) {
      this.#task.replaceChildren(
        `${who} must arrive at exactly `,
        element('b', { text: `step ${only.value}` }),
        isTrained ? `. Trained only on ${only.trained.join(' to ')}.` : '.',
      );
    } else {
      const names = told.flatMap(({ symbol, meaning, value }, index) => [
        index === 0 ? '' : index === told.length - 1 ? ' and ' : ', ',
        element('b', { text: `${symbol} = ${value}` }),
        ` (${meaning})`,
      ]);
      this.#task.replaceChildren(
        `${who} ${agents > 1 ? 'are' : 'is'} told `,
        ...names,
        ...(due === null || told.some(({ countsSteps }) => countsSteps)
          ? []
          : [', to arrive at exactly ', element('b', { text: `step ${due}` })]),
        isTrained ? `. Trained only on ${trainedRanges(told)}.` : '.',
      );
    }
    if (replay !== null) this.#task.prepend('Replay. ');
    // Where the window is too narrow, the end of the sentence is cut off.
    this.#task.title = this.#task.textContent ?? '';
  }

  #box(name: BoxName, text: string, key: string, run: () => void): HTMLElement {
    const input = element('input', { type: 'checkbox', 'aria-label': text });
    input.addEventListener('change', run);
    this.#boxes.set(name, input);
    return element('label', { class: 'choice' }, input, element('span', { text }), keyHint(key));
  }
}

/** `1 to 3`; of several numbers, `p and b from 2 to 4` or `t1 from 4 to 7 and t2 from 11 to 15`. */
function trainedRanges(told: readonly ToldNumber[]): string {
  const ranges = told.map(({ trained }) => trained.join(' to '));
  if (told.length === 1) return ranges[0]!;
  const symbols = told.map(({ symbol }) => symbol);
  return new Set(ranges).size === 1
    ? `${symbols.join(' and ')} from ${ranges[0]}`
    : symbols.map((symbol, i) => `${symbol} from ${ranges[i]}`).join(' and ');
}

function choice(text: string, hint: string, key: string, run: () => void): HTMLElement {
  const [name, small] = [element('span', { text }), element('small', { text: hint })];
  const attributes = { class: 'choice', type: 'button' };
  const button = element('button', attributes, name, small, keyHint(key));
  button.addEventListener('click', run);
  return button;
}

/** The key that does the same. Screen readers get it from the list of shortcuts. */
function keyHint(key: string): HTMLElement {
  return element('kbd', { text: key, 'aria-hidden': 'true' });
}

function menu(id: string, sign: Icon, name: string, ...content: Node[]): HTMLElement {
  const attributes = { class: 'button', type: 'button', popovertarget: `${id}-menu` };
  const opener = element('button', attributes, icon(sign));
  label(opener, name);
  const list = element(
    'div',
    { id: `${id}-menu`, class: 'menu', popover: 'auto', role: 'group', 'aria-label': name },
    ...content,
  );
  list.addEventListener('beforetoggle', () => {
    const { bottom, right } = opener.getBoundingClientRect();
    list.style.top = `${bottom + 4}px`;
    list.style.right = `${Math.max(8, document.documentElement.clientWidth - right)}px`;
  });
  return element('div', {}, opener, list);
}
