import { element, setAttributes, setText } from '../dom.ts';
import type { State } from '../state.ts';
import type { TrainingState } from './training-state.ts';

const COUNT = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
/** Seconds left that are told to the second. */
const FEW = 90;

const STAGES: Readonly<Record<TrainingState['stage'], string>> = {
  starting: 'Loading…',
  training: 'Training…',
  stopping: 'Stopping…',
  stopped: 'Stopped',
  finished: 'Trained',
  failed: 'Training has failed',
};

/** What a person can do with the run on screen. */
export interface TrainingActions {
  stop(): void;
  continue(): void;
  save(): void;
  /** Shows the page without it. */
  leave(): void;
}

/** How the training in this browser stands. */
export class TrainingBar {
  readonly #root: HTMLElement;
  readonly #title = element('h2', {});
  readonly #stage = element('span', { role: 'status' });
  readonly #figures = element('p', {});
  readonly #progress = element('progress', { max: 1, 'aria-label': 'Frames trained' });
  readonly #buttons: Readonly<Record<keyof TrainingActions, HTMLButtonElement>>;

  constructor(root: HTMLElement, actions: TrainingActions) {
    this.#root = root;
    const button = (text: string, run: () => void, isMain = false): HTMLButtonElement => {
      const made = element('button', {
        ...{ class: `button${isMain ? ' main' : ''}`, type: 'button', text },
      });
      made.addEventListener('click', run);
      return made;
    };
    this.#buttons = {
      stop: button('Stop', () => actions.stop()),
      continue: button('Continue', () => actions.continue(), true),
      save: button('Save run', () => actions.save()),
      leave: button('Close', () => actions.leave()),
    };
    const heading = element('div', { class: 'own-training-heading' }, this.#title, this.#stage);
    const text = element('div', { class: 'own-training-text' }, heading, this.#figures);
    const buttons = element('div', { class: 'strip-buttons' }, ...Object.values(this.#buttons));
    root.append(text, this.#progress, buttons);
  }

  show({ training }: State): void {
    this.#root.hidden = training === null;
    if (training === null) return;
    const { name, stage, why, frames, totalFrames } = training;
    setText(this.#title, name);
    setText(this.#stage, STAGES[stage]);
    setText(this.#figures, stage === 'failed' ? `${why}.` : figuresOf(training));
    this.#progress.value = frames / totalFrames;
    const isGoing = stage === 'training' || stage === 'stopping';
    const canGoOn = (stage === 'stopped' || stage === 'failed') && frames < totalFrames;
    this.#buttons.stop.hidden = !isGoing;
    setAttributes(this.#buttons.stop, { disabled: stage === 'stopping' });
    this.#buttons.continue.hidden = !canGoOn;
    this.#buttons.save.hidden = frames === 0;
    this.#buttons.leave.hidden = isGoing;
  }
}

function figuresOf(training: TrainingState): string {
  const { choice, stage, frames, totalFrames, reward, maxReward, framesPerSecond } = training;
  const figures = [
    `${choice.agent} in ${choice.env}`,
    frames < totalFrames
      ? `${SHORT.format(frames)} of ${SHORT.format(totalFrames)} frames`
      : `${COUNT.format(frames)} frames`,
  ];
  if (reward !== null) {
    figures.push(`reward ${reward.toFixed(1)}${maxReward === null ? '' : ` of ${maxReward}`}`);
  }
  if (stage === 'training' && framesPerSecond > 0) {
    figures.push(`${SHORT.format(framesPerSecond)} frames/s`);
    figures.push(timeLeft((totalFrames - frames) / framesPerSecond));
  }
  return figures.join(' · ');
}

const timeLeft = (seconds: number): string =>
  seconds < FEW ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`;
