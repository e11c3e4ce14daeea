import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import {
  countSteps,
  type Episode,
  excuseOf,
  FIRST_DIFFERENCE,
  firstDifference,
  hasOverflowed,
  isOver,
  positionAt,
  stepAt,
  type Track,
  type Verdict,
  verdictOf,
  verdictText,
} from '../episode.ts';
import type { State } from '../state.ts';
import type { Readouts } from './readouts.ts';
import { StepClock } from './step-clock.ts';

/** What a pane shows: a player and its part in an episode. */
export interface PaneContent {
  /** `agent-0`, `branch-0`, `own`: the same for as long as the pane is there. */
  readonly name: string;
  readonly title: string;
  /** The title in two parts: who plays, and what tells this pane from another of theirs, mostly empty. */
  readonly who: string;
  readonly tag: string;
  readonly subtitle: string;
  readonly colour: string;
  /** The same, for text. */
  readonly ink: string;
  /** The same, for thin lines over the world. */
  readonly light: string;
  readonly agent: AgentInfo | null;
  readonly episode: Episode | null;
  readonly track: Track | undefined;
  readonly tally: readonly Verdict[];
}

const DIRECTIONS: ReadonlySet<string> = new Set(['up', 'down', 'left', 'right']);
const MOST_TALLIED = 10;

/** One player: its name, its clock, its verdict, a screen for its world, and what it computes. */
export class PaneView {
  readonly root: HTMLElement;
  /** The canvas draws the world over this. */
  readonly screen: HTMLElement;
  readonly #who = element('span', { class: 'name' });
  readonly #tag = element('span', { class: 'tag' });
  readonly #subtitle = element('p', { class: 'subtitle' });
  readonly #verdict = element('p', { class: 'verdict' });
  readonly #tally = element('ol', { class: 'tally' });
  readonly #clock = new StepClock();
  readonly #readouts: Readouts | null;

  constructor(name: string, readouts: Readouts | null) {
    this.#readouts = readouts;
    this.screen = element('div', { class: 'screen' });
    const parting = element('span', {
      class: 'parting',
      title: FIRST_DIFFERENCE,
      text: '◆',
      'aria-hidden': 'true',
    });
    const words = element(
      'div',
      { class: 'words' },
      element('h2', {}, this.#who, this.#tag, parting),
      this.#verdict,
      this.#subtitle,
      this.#tally,
    );
    const head = element('header', {}, this.#clock.root, words);
    this.root = element('article', { class: 'pane', 'data-pane': name }, head, this.screen);
    if (readouts !== null) this.root.append(readouts.root);
  }

  show(content: PaneContent, state: State): void {
    const { title, who, tag, subtitle, colour, ink, agent, episode, track, tally } = content;
    const { moment, world } = state;
    this.root.style.setProperty('--agent', colour);
    this.root.style.setProperty('--agent-ink', ink);
    setText(this.#who, who);
    setText(this.#tag, tag);
    this.#tag.hidden = tag === '';
    const over = track !== undefined && isOver(track, moment);
    const verdict = over ? verdictOf(episode!, track) : null;
    const excuse = over ? excuseOf(track) : null;
    setText(this.#subtitle, state.replay === null ? (excuse ?? subtitle) : subtitle);
    const steps = Math.min(moment, track?.steps.length ?? 0);
    const due = episode?.dueAt(steps) ?? null;
    this.#clock.show({ steps, due, over: verdict?.kind ?? null });
    this.root.dataset.verdict = verdict?.kind ?? 'none';
    this.root.dataset.late = due !== null && steps > due ? 'yes' : 'no';
    this.root.dataset.step = String(steps);
    setText(
      this.#verdict,
      verdict === null
        ? this.#activity(track, agent, state, steps, due, episode?.dueSymbol ?? '')
        : mark(verdict),
    );
    this.#showTally(tally);
    const differs = episode !== null && firstDifference(episode) === moment;
    this.root.dataset.differs = differs ? 'yes' : 'no';
    const label = [
      `${title}: ${world?.id ?? 'world'}, step ${steps}${due === null ? '' : ` of ${due}`}`,
      this.#verdict.textContent,
      excuse,
      differs && FIRST_DIFFERENCE,
    ];
    setAttributes(this.screen, { role: 'img', 'aria-label': label.filter(Boolean).join(', ') });
    this.#readouts?.show(track, agent, state, colour);
  }

  #activity(
    track: Track | undefined,
    agent: AgentInfo | null,
    { world, moment }: State,
    steps: number,
    due: number | null,
    symbol: string,
  ): string {
    if (track === undefined && agent?.checkpoint === null)
      return agent.pathway === null ? 'Training has not begun' : 'No checkpoint yet';
    if (track === undefined) return '';
    const step = stepAt(track, moment);
    if (step && hasOverflowed(step)) return 'The network overflowed';
    if (due !== null && steps > due) return `${countSteps(steps - due)} past ${symbol}`;
    if (track.pane === 'you') return 'Your move';
    const [here, there] = [positionAt(track, steps), positionAt(track, steps + 1)];
    const stays = here !== null && there !== null && here[0] === there[0] && here[1] === there[1];
    const action = world?.actions[step?.action ?? -1];
    if (action === undefined) return '';
    if (action === 'pass') return 'Waiting…';
    if (!DIRECTIONS.has(action)) return `${action.charAt(0).toUpperCase()}${action.slice(1)}…`;
    return `${stays ? 'Pushing' : 'Moving'} ${action}…`;
  }

  #showTally(tally: readonly Verdict[]): void {
    const shown = tally.slice(-MOST_TALLIED);
    const kinds = shown.map(({ kind }) => kind).join(' ');
    if (this.#tally.dataset.kinds === kinds) return;
    this.#tally.dataset.kinds = kinds;
    this.#tally.replaceChildren(
      ...shown.map((verdict) =>
        element(
          'li',
          { 'data-verdict': verdict.kind, title: verdictText(verdict) },
          element('span', { class: 'heard', text: verdictText(verdict) }),
        ),
      ),
    );
    this.#tally.setAttribute('aria-label', 'Earlier episodes');
  }
}

const MARKS = { exact: '✓ ', early: '', late: '', wrong: '≠ ', never: '✕ ', over: '' };

function mark(verdict: Verdict): string {
  return `${MARKS[verdict.kind]}${verdictText(verdict)}`;
}
