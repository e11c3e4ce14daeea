import { coloursOf, inkOf, onGround, PERSON_COLOUR } from '../../src/render/palette.ts';
import type { Commands } from '../commands.ts';
import { isOver, pictureAt, positionAt, type TrackEnding, verdictOf } from '../episode.ts';
import type { Pictures } from '../pictures.ts';
import type { State } from '../state.ts';
import type { Point } from '../world-canvas/draw-path.ts';
import type { Place } from '../world-canvas/place.ts';
import type { WorldCanvas } from '../world-canvas/world-canvas.ts';
import { layOutPanes } from './pane-layout.ts';
import { type PaneContent, PaneView } from './pane-view.ts';
import { Readouts } from './readouts.ts';
import { playsByTouch } from './touch-pad.ts';

/** Moments that the path goes back at most. */
const LONGEST_PATH = 400;
/** What, beside who is there, decides how they are laid out. */
const LAID_OUT_BY = ['world', 'replay', 'charts', 'readouts'] as const;

/** Beside panes and charts. */
const MARGIN = 32;
const MARGIN_OF_PHONE = 16;
const phone = window.matchMedia('(max-width: 899px)');

/** All panes, laid out so that the worlds are large, and the stage that draws them. */
export class Panes {
  readonly root: HTMLElement;
  readonly #stage: WorldCanvas;
  readonly #pictures: Pictures;
  readonly #commands: Commands;
  readonly #panes = new Map<string, PaneView>();
  readonly #sizes: ResizeObserver;
  /** Whether a player was through when it was last drawn, by pane, to know when one comes in before the viewer's eyes. */
  readonly #wasOver = new Map<string, boolean>();
  /** Where the screens are on the stage, since it costs a layout to ask. */
  readonly #places = new Map<string, Place>();
  #state: State | undefined;

  constructor(root: HTMLElement, stage: WorldCanvas, pictures: Pictures, commands: Commands) {
    this.root = root;
    this.#stage = stage;
    this.#pictures = pictures;
    this.#commands = commands;
    this.#sizes = new ResizeObserver(() => {
      stage.fit();
      if (this.#state === undefined) return;
      const faces = paneContents(this.#state);
      this.#arrange(faces.length, this.#state);
      this.#places.clear();
      this.#draw(faces, this.#state);
      stage.drawNow();
    });
    this.#sizes.observe(root);
  }

  show(state: State): void {
    const before = this.#state;
    this.#state = state;
    const faces = paneContents(state);
    const isOther = this.#seat(faces);
    if (isOther || LAID_OUT_BY.some((name) => state[name] !== before?.[name]))
      this.#arrange(faces.length, state);
    for (const face of faces) this.#panes.get(face.name)!.show(face, state);
    this.#draw(faces, state);
  }

  /** Makes panes for those who came, and removes those of who went. @returns whether there were any */
  #seat(faces: readonly PaneContent[]): boolean {
    const names = faces.map(({ name }) => name);
    if (names.join() === [...this.#panes.keys()].join()) return false;
    const kept = new Map(this.#panes);
    this.#panes.clear();
    this.#places.clear();
    for (const { name } of faces) {
      const readouts = name === 'own' ? null : new Readouts(this.#pictures, this.#commands);
      const pane = kept.get(name) ?? new PaneView(name, readouts);
      this.#panes.set(name, pane);
      this.root.append(pane.root);
      this.#sizes.observe(pane.screen);
      kept.delete(name);
    }
    for (const [name, { root, screen }] of kept) {
      root.remove();
      this.#sizes.unobserve(screen);
      this.#wasOver.delete(name);
    }
    this.root.classList.toggle(
      'pairs',
      faces.some(({ tag }) => tag !== ''),
    );
    this.#stage.keepOnly(new Set(names));
    return true;
  }

  /** Lays out panes and charts. */
  #arrange(panes: number, { world, replay, charts, readouts }: State): void {
    if (world === null || panes === 0) return;
    const page = this.root.parentElement!;
    const isPhone = phone.matches;
    const { form, columns, picture, rows, perRow, ...beside } = layOutPanes(panes, world, {
      width: page.clientWidth - (isPhone ? MARGIN_OF_PHONE : MARGIN),
      height: this.root.clientHeight,
      ratio: window.devicePixelRatio || 1,
      isPhone,
      charts: charts && replay === null,
      readouts: replay === null ? readouts.size : 0,
    });
    const { style, dataset } = this.root;
    Object.assign(dataset, { form, rows, perRow });
    style.setProperty('--columns', String(columns));
    style.setProperty('--per-row', String(perRow));
    style.setProperty('--picture-width', `${picture.width}px`);
    style.setProperty('--picture-height', `${picture.height}px`);
    page.style.setProperty('--charts', `${beside.charts}px`);
    page.classList.toggle('without-charts', beside.charts === 0);
    this.#places.clear();
  }

  #draw(faces: readonly PaneContent[], { moment, path }: State): void {
    for (const { name, light, episode, track } of faces) {
      const view = this.#stage.view(name);
      const image = track && this.#pictures.get(pictureAt(track, moment));
      if (episode === null || track === undefined || image === undefined) {
        view.clear();
        continue;
      }
      const { screen } = this.#panes.get(name)!;
      const place = this.#places.get(name) ?? this.#stage.placeOf(screen);
      this.#places.set(name, place);
      view.show(this.#stage.texture(image), place, this.#stage.ratio);
      const foot = place.y + place.height - view.place.y - view.place.height;
      screen.style.setProperty('--foot', `${foot}px`);
      const steps = Math.min(moment, track.steps.length);
      const points: Point[] = [];
      for (let at = Math.max(0, steps - LONGEST_PATH); at <= steps; at++) {
        const position = positionAt(track, at);
        if (position !== null) points.push(position);
      }
      view.walk(path ? points : [], light);
      const over = isOver(track, moment);
      const lively = over && this.#wasOver.get(name) === false && !isStill();
      if (over !== this.#wasOver.get(name) || !over) {
        view.end(over ? verdictOf(episode, track) : null, points.at(-1) ?? null, lively);
      }
      this.#wasOver.set(name, over);
    }
    this.#stage.draw();
  }
}

/** Who is on screen, each agent's branch after the agent. */
export function paneContents({
  agents,
  episode,
  branch,
  own,
  theme,
  tally,
  replay,
}: State): PaneContent[] {
  const colours = coloursOf(agents);
  const faces = agents.flatMap((agent, index): PaneContent[] => {
    const hue = agent.person ? PERSON_COLOUR : colours[index]!;
    const colour = onGround(hue, theme);
    const track = episode?.tracks.get(index);
    const subtitle =
      replay === null ? sayTraining(agent.frames, agent.totalFrames) : sayTruth(track?.ending);
    const first: PaneContent = {
      name: `agent-${index}`,
      title: agent.name,
      who: agent.name,
      tag: '',
      subtitle,
      colour,
      ink: inkOf(hue, theme),
      light: onGround(hue, 'dark'),
      agent,
      episode,
      track,
      tally: tally.get(index) ?? [],
    };
    if (branch === null) return [first];
    const at = branch.key.branch;
    const tag = `${branch.number?.symbol} = ${at?.number}`;
    const second: PaneContent = {
      ...first,
      name: `branch-${index}`,
      title: `${agent.name}, ${tag}`,
      tag,
      subtitle: `from step ${at?.at} on`,
      episode: branch,
      track: branch.tracks.get(index),
      tally: [],
    };
    return [first, second];
  });
  if (own === null) return faces;
  const mine: PaneContent = {
    name: 'own',
    title: 'You',
    who: 'You',
    tag: '',
    subtitle: playsByTouch() ? 'buttons below' : 'arrow keys, space waits, Esc ends',
    colour: onGround(PERSON_COLOUR, theme),
    ink: inkOf(PERSON_COLOUR, theme),
    light: onGround(PERSON_COLOUR, 'dark'),
    agent: null,
    episode: own,
    track: own.tracks.get('you'),
    tally: [],
  };
  return [...faces, mine];
}

function sayTraining(frames: number, total: number | null): string {
  if (frames === 0) return '';
  if (total !== null && frames < total)
    return `learning: ${short(frames)} of ${short(total)} frames`;
  return `trained on ${short(frames)} frames`;
}

/** Whether a replay is true to the world. */
function sayTruth(ending: TrackEnding | null | undefined): string {
  if (!ending) return '';
  if (ending.differsAt === null) return 'every step as recorded';
  return `differs from the recording at step ${ending.differsAt}`;
}

function short(count: number): string {
  if (count < 1e6) return `${Math.round(count / 1e3)} k`;
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} M`;
}

/** Whether the person asked for less motion. */
function isStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
