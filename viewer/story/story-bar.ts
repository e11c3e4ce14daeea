import type { Commands } from '../commands.ts';
import { element, setText } from '../dom.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';
import { playedNumber, type StoryStep, storySteps } from './story-steps.ts';

const SEEN_KEY = 'timegrid-story';

/** A story of the page in a few steps, each of which does what it tells. A first visit offers it, and it can be asked for again. */
export class StoryBar {
  readonly #root: HTMLElement;
  readonly #commands: Commands;
  readonly #store: Store<State>;
  readonly #title = element('h2', {});
  readonly #text = element('p', {});
  readonly #buttons = element('div', { class: 'strip-buttons' });
  #steps: StoryStep[] = [];
  /** Null: it is only offered, or not shown at all. */
  #at: number | null = null;

  constructor(root: HTMLElement, store: Store<State>, commands: Commands) {
    this.#root = root;
    this.#store = store;
    this.#commands = commands;
    root.append(element('div', {}, this.#title, this.#text), this.#buttons);
    const end = store.watch(
      ({ episode }) => [episode],
      ([episode]) => {
        if (episode === null) return;
        queueMicrotask(() => end());
        this.#offer();
      },
    );
  }

  /** Tells the story from its first step. */
  start(): void {
    this.#steps = storySteps(this.#store.state);
    if (this.#steps.length === 0) {
      this.#commands.notify('There is no tour of this page, because its world tells no number.');
      return;
    }
    this.#go(0);
  }

  #offer(): void {
    const { length } = storySteps(this.#store.state);
    if (localStorage.getItem(SEEN_KEY) || length === 0) return;
    this.#say('New here?', `See what this page shows, in ${length} short steps.`);
    this.#show(
      this.#button('Show me', () => this.start(), true),
      this.#button('No, thanks', () => this.#end()),
    );
  }

  #go(at: number): void {
    const step = this.#steps[at];
    if (step === undefined) {
      this.#end();
      return;
    }
    this.#at = at;
    this.#say(`${at + 1} of ${this.#steps.length}: ${step.title}`, step.text);
    const isLast = at === this.#steps.length - 1;
    this.#show(
      ...(at > 0 ? [this.#button('Back', () => this.#go(at - 1))] : []),
      ...(step.invites ? [this.#button('Play it yourself', () => this.#invite())] : []),
      isLast
        ? this.#button('Done', () => this.#end(), true)
        : this.#button('Next', () => this.#go(at + 1), true),
      ...(isLast ? [] : [this.#button('Skip', () => this.#end())]),
    );
    this.#perform(step);
  }

  #perform({ scene }: StoryStep): void {
    const { kind, number } = scene;
    this.#commands.endBranchAndPlay();
    if (kind === 'branch') {
      this.#store.update({ number, seed: 0 });
      this.#commands.showBranched({ at: scene.at, number: scene.told }, scene.at);
      return;
    }
    this.#showThen(number, () => {
      if (kind === 'inside') {
        if (!this.#store.state.readouts.has('pathway')) this.#commands.toggleReadout('pathway');
        this.#commands.goTo(Math.floor(number / 2));
      } else if (kind === 'far') this.#commands.playLastSteps();
      else this.#store.update({ playing: true });
    });
  }

  #invite(): void {
    const { world } = this.#store.state;
    if (!world?.number) return;
    this.#end();
    this.#showThen(playedNumber(world.number), () => this.#commands.toggleOwnPlay());
  }

  /** Shows the first episode with a number from its start, and then does something in it. */
  #showThen(number: number, then: () => void): void {
    const at = this.#at;
    const before = this.#store.state.episode;
    this.#store.update({ number, seed: 0, playing: false });
    this.#commands.show();
    const end = this.#store.watch(
      ({ episode }) => [episode],
      ([episode]) => {
        if (episode === before || episode?.key.number !== number) return;
        queueMicrotask(() => {
          end();
          if (this.#at === at) then();
        });
      },
    );
  }

  #end(): void {
    this.#at = null;
    this.#root.hidden = true;
    localStorage.setItem(SEEN_KEY, 'seen');
  }

  #say(title: string, text: string): void {
    setText(this.#title, title);
    setText(this.#text, text);
  }

  #show(...buttons: HTMLButtonElement[]): void {
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(...buttons);
    this.#root.hidden = false;
    if (hadFocus) buttons.find((one) => one.classList.contains('main'))?.focus();
  }

  #button(text: string, run: () => void, isMain = false): HTMLButtonElement {
    const button = element('button', {
      class: isMain ? 'button main' : 'button',
      type: 'button',
      text,
    });
    button.addEventListener('click', run);
    return button;
  }
}
