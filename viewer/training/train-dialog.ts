import type { Choice, Trains } from '../../src/page/browser/posted.ts';
import { element, setText } from '../dom.ts';
import type { BrowserRuns, KeptRun } from './browser-runs.ts';
import { openRun } from './browser-training.ts';
import { saveRun } from './save-run.ts';

const FRAMES = 2_000_000;
const MOST_FRAMES = 100_000_000;
const LEAST_FRAMES = 1_000;
const DEFAULT_AGENT = 'nac';
const COUNT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Chooses what to train in this browser, and shows what was trained before. */
export class TrainDialog {
  readonly #dialog = element('dialog', { class: 'dialog train', 'aria-labelledby': 'train-title' });
  readonly #runs: BrowserRuns;
  readonly #trains: Trains;
  readonly #agent: HTMLSelectElement;
  readonly #world: HTMLSelectElement;
  readonly #frames = element('input', {
    ...{ type: 'number', min: LEAST_FRAMES, max: MOST_FRAMES, step: 1, value: FRAMES },
    required: true,
  });
  readonly #seed = element('input', {
    ...{ type: 'number', min: 0, max: 1_000_000_000, step: 1, value: 1, required: true },
  });
  readonly #problem = element('p', { class: 'problem', role: 'alert' });
  readonly #kept = element('section', { class: 'kept', 'aria-label': 'Trained in this browser' });

  constructor(trains: Trains, runs: BrowserRuns) {
    this.#trains = trains;
    this.#runs = runs;
    const agent = choose('Agent', trains.agents, DEFAULT_AGENT);
    const world = choose('World', trains.worlds, trains.world.id);
    this.#agent = agent.select;
    this.#world = world.select;
    const cancel = element('button', { class: 'button', type: 'button', text: 'Cancel' });
    cancel.addEventListener('click', () => this.#dialog.close());
    const train = element('button', { class: 'button main', type: 'submit', text: 'Train' });
    const form = element(
      'form',
      {},
      agent.root,
      world.root,
      element(
        'div',
        { class: 'numbers' },
        field('Frames', this.#frames),
        field('Seed', this.#seed),
      ),
      this.#problem,
      element('div', { class: 'answers' }, cancel, train),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try(() => this.#train());
    });
    this.#dialog.append(
      element('h2', { id: 'train-title', text: 'Train an agent in this browser' }),
      element('p', {
        text: 'This is the same training as timegrid train, in a thread of this page. 2 million frames take a few minutes, and the agent is saved in this browser every few seconds.',
      }),
      form,
      this.#kept,
    );
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  open(): void {
    if (this.#dialog.open) return;
    setText(this.#problem, '');
    this.#try(() => this.#list());
    this.#dialog.showModal();
  }

  async #train(): Promise<void> {
    const { id, options } = this.#trains.world;
    const [agent, env] = [this.#agent.value, this.#world.value];
    const choice = {
      ...{ agent, env, envOptions: env === id ? options : {} },
      ...{ seed: this.#seed.valueAsNumber, frames: this.#frames.valueAsNumber },
    };
    const name = `${env === id ? '' : `${env}-`}${agent}-${choice.seed}`;
    openRun((await this.#runs.add(name, choice)).name, true);
  }

  async #list(): Promise<void> {
    const runs = await this.#runs.list();
    this.#kept.hidden = runs.length === 0;
    this.#kept.replaceChildren(
      element('h3', { text: 'Trained in this browser' }),
      element('ul', {}, ...runs.map((run) => this.#entry(run))),
    );
  }

  #entry(run: KeptRun): HTMLElement {
    const { name, choice, frames } = run;
    const button = (text: string, act: () => unknown): HTMLButtonElement => {
      const made = element('button', {
        ...{ class: 'button', type: 'button', text, 'aria-label': `${text} ${name}` },
      });
      made.addEventListener('click', () =>
        this.#try(async () => {
          await act();
        }),
      );
      return made;
    };
    const done =
      frames < choice.frames
        ? `${COUNT.format(frames)} of ${COUNT.format(choice.frames)} frames`
        : `${COUNT.format(frames)} frames`;
    const save = button('Save', () => saveRun(this.#runs, name));
    save.disabled = frames === 0;
    return element(
      'li',
      {},
      element(
        'div',
        {},
        element('b', { text: name }),
        element('small', { text: `${choice.agent} in ${choice.env}, ${done}` }),
      ),
      button('Show', () => openRun(name)),
      save,
      button('Delete', async () => {
        if (!window.confirm(`Delete ${name} and all that it has learned?`)) return;
        await this.#runs.remove(name);
        await this.#list();
      }),
    );
  }

  #try(action: () => Promise<void>): void {
    action().catch((error: unknown) => {
      console.error(error);
      const why = error instanceof Error ? error.message : String(error);
      setText(this.#problem, `That did not work: ${why}.`);
    });
  }
}

/** A choice among agents or worlds, with a sentence about the chosen one. */
function choose(name: string, choices: readonly Choice[], chosen: string) {
  const select = element(
    'select',
    {},
    ...choices.map(({ id }) => element('option', { value: id, text: id, selected: id === chosen })),
  );
  const summary = element('small');
  const show = (): void =>
    setText(summary, choices.find(({ id }) => id === select.value)?.summary ?? '');
  select.addEventListener('change', show);
  show();
  return { root: element('div', {}, field(name, select), summary), select };
}

function field(name: string, control: HTMLElement): HTMLElement {
  return element('label', {}, element('span', { text: name }), control);
}
