import type { Commands } from '../commands.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import type { PageCommands } from '../shortcuts.ts';
import { READOUTS, type ReadoutName, type State } from '../state.ts';
import { button } from './controls.ts';

const READOUT_LABELS: Record<ReadoutName, string> = {
  actions: 'Actions',
  value: 'Reward ahead',
  pathway: 'Accumulator (NAC)',
  lstm: 'Memory (LSTM)',
  observed: 'What the agent sees',
};

/** What the agents have to do, in a sentence; and what to show, save and look up. */
export class Header {
  readonly #task: HTMLElement;
  readonly #theme: HTMLButtonElement;
  readonly #boxes = new Map<ReadoutName | 'path' | 'charts', HTMLInputElement>();
  #says = '';
  #dark: boolean | undefined;

  constructor(task: HTMLElement, tools: HTMLElement, commands: Commands, page: PageCommands) {
    this.#task = task;
    this.#theme = button('moon', 'Dark or light (D)', () => commands.toggleTheme());
    const box = (
      name: ReadoutName | 'path' | 'charts',
      text: string,
      key: string,
      run: () => void,
      title?: string,
    ) => {
      const input = element('input', { type: 'checkbox', 'aria-label': text });
      input.addEventListener('change', run);
      this.#boxes.set(name, input);
      const says = element('span', { text });
      return element('label', { class: 'choice', title }, input, says, keyHint(key));
    };
    const choice = (text: string, hint: string, key: string, run: () => void) => {
      const made = element(
        'button',
        { class: 'choice', type: 'button' },
        element('span', { text }),
        element('small', { text: hint }),
        keyHint(key),
      );
      made.addEventListener('click', run);
      return made;
    };
    tools.append(
      menu(
        'view',
        'eye',
        'What is shown (1 to 5, W, C)',
        box('path', 'Way walked', 'W', () => commands.togglePath()),
        ...READOUTS.map((name, index) =>
          box(name, READOUT_LABELS[name], String(index + 1), () => commands.toggleReadout(name)),
        ),
        box(
          'charts',
          'Charts',
          'C',
          () => commands.toggleCharts(),
          'Beside the panes, where there is room',
        ),
      ),
      menu(
        'record',
        'save',
        'Save (R, S, F)',
        choice('GIF', 'the whole episode', 'R', () => page.saveGif()),
        choice('PNG', 'this moment', 'S', () => page.savePng()),
        choice('Replay file', 'for timegrid watch FILE', 'F', () => page.saveReplay()),
      ),
      this.#theme,
      button('help', 'Keyboard shortcuts (?)', () => page.toggleHelp()),
    );
  }

  show(state: State): void {
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
      setText(this.#task, 'Getting the first episode …');
      return;
    }
    const current = episode.numberAt(moment);
    const agents = state.agents.filter(({ person }) => !person);
    const says = JSON.stringify([agents.length, current, world, replay === null]);
    if (says === this.#says) return;
    this.#says = says;
    const who =
      ['The player has', 'The agent has', 'Both agents have'][agents.length] ?? 'All agents have';
    const { number } = world;
    if (number === null || current === null) {
      this.#task.replaceChildren(`${world.id}: same world, same start, same step.`);
    } else {
      const { symbol, meaning, countsSteps, trained } = number;
      this.#task.replaceChildren(
        countsSteps ? `${who} to arrive at exactly ` : `${who} been told: ${meaning}, `,
        element('b', { text: countsSteps ? `step ${current}` : `${symbol} = ${current}` }),
        `. Trained on ${trained[0]} to ${trained[1]} only.`,
      );
    }
    if (replay !== null) this.#task.prepend('Replay. ');
  }
}

/** The key that does the same; said to screen readers by the list of shortcuts. */
function keyHint(key: string): HTMLElement {
  return element('kbd', { text: key, 'aria-hidden': 'true' });
}

function menu(name: string, sign: 'eye' | 'save', says: string, ...content: Node[]): HTMLElement {
  const opener = element(
    'button',
    {
      class: 'button',
      type: 'button',
      popovertarget: `${name}-menu`,
      'aria-label': says,
      title: says,
    },
    icon(sign),
  );
  const list = element(
    'div',
    { id: `${name}-menu`, class: 'menu', popover: 'auto', role: 'group', 'aria-label': says },
    ...content,
  );
  list.addEventListener('beforetoggle', () => {
    const { bottom, right } = opener.getBoundingClientRect();
    list.style.top = `${bottom + 4}px`;
    list.style.right = `${Math.max(8, document.documentElement.clientWidth - right)}px`;
  });
  return element('div', {}, opener, list);
}
