import { coloursOf, inkOf, onGround, PERSON_COLOUR } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { describeKeys } from '../action-signs.ts';
import type { Commands } from '../commands.ts';
import { element, setText } from '../dom.ts';
import {
  isOver,
  pictureAt,
  positionAt,
  type Track,
  type TrackEnding,
  verdictOf,
} from '../episode.ts';
import type { Pictures } from '../pictures.ts';
import { READOUT_LABELS, READOUTS, type State } from '../state.ts';
import type { Point, Rectangle } from '../world-canvas/draw-path.ts';
import type { WorldCanvas } from '../world-canvas/world-canvas.ts';
import { layOutPanes } from './pane-layout.ts';
import { type PaneContent, PaneView } from './pane-view.ts';
import { Readouts } from './readouts.ts';
import { playsByTouch } from './touch-pad.ts';

/** Actions that a pane has room to name, with their keys. */
const MOST_NAMED = 2;
/** Most moments that the path goes back. */
export const LONGEST_PATH = 400;
/** The layout depends on these, besides who is there. */
const LAID_OUT_BY = ['world', 'replay', 'charts', 'readouts'] as const;

/** Left and right of panes and charts together, in CSS pixels. */
const MARGIN = 32;
const MARGIN_OF_PHONE = 16;
const phone = window.matchMedia('(max-width: 899px)');

/** All panes, laid out so that the worlds are large, and the canvas that draws the worlds. */
export class Panes {
  readonly root: HTMLElement;
  /** Says which readouts were chosen but have no room. */
  readonly dropped = element('p', { class: 'dropped', hidden: true });
  readonly #canvas: WorldCanvas;
  readonly #pictures: Pictures;
  readonly #commands: Commands;
  readonly #panes = new Map<string, PaneView>();
  readonly #sizes: ResizeObserver;
  /** Whether each player was done when last drawn, to celebrate only arrivals that somebody has just seen. */
  readonly #wasOver = new Map<string, boolean>();
  /** Where the screens are on the canvas, since it costs a layout to ask. */
  readonly #places = new Map<string, Rectangle>();
  #state: State | undefined;

  constructor(root: HTMLElement, canvas: WorldCanvas, pictures: Pictures, commands: Commands) {
    this.root = root;
    this.#canvas = canvas;
    this.#pictures = pictures;
    this.#commands = commands;
    this.#sizes = new ResizeObserver(() => {
      canvas.fit();
      if (this.#state === undefined) return;
      const contents = paneContents(this.#state);
      this.#layOut(contents.length, this.#state);
      this.#places.clear();
      this.#draw(contents, this.#state);
      canvas.drawNow();
    });
    this.#sizes.observe(root);
  }

  show(state: State): void {
    const before = this.#state;
    this.#state = state;
    const contents = paneContents(state);
    const hasChanged = this.#addAndRemove(contents);
    if (hasChanged || LAID_OUT_BY.some((name) => state[name] !== before?.[name]))
      this.#layOut(contents.length, state);
    for (const content of contents) this.#panes.get(content.name)!.show(content, state);
    this.#draw(contents, state);
  }

  /** Adds and removes panes. @returns whether there was anything to add or remove */
  #addAndRemove(contents: readonly PaneContent[]): boolean {
    const names = contents.map(({ name }) => name);
    if (names.join() === [...this.#panes.keys()].join()) return false;
    const kept = new Map(this.#panes);
    this.#panes.clear();
    this.#places.clear();
    for (const { name } of contents) {
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
      contents.some(({ tag }) => tag !== ''),
    );
    this.#canvas.keepOnly(new Set(names));
    return true;
  }

  #layOut(panes: number, { world, replay, charts, readouts }: State): void {
    if (world === null || panes === 0) return;
    const page = this.root.parentElement!;
    const isPhone = phone.matches;
    const { form, columns, picture, rows, perRow, ...layout } = layOutPanes(panes, world, {
      width: page.clientWidth - (isPhone ? MARGIN_OF_PHONE : MARGIN),
      height: isPhone ? window.innerHeight : this.root.clientHeight,
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
    page.style.setProperty('--charts', `${layout.charts}px`);
    page.classList.toggle('without-charts', layout.charts === 0);
    this.#places.clear();
    const chosen = replay === null ? READOUTS.filter((name) => readouts.has(name)) : [];
    const left = form === 'wide' ? chosen.slice(rows * perRow) : [];
    this.dropped.hidden = left.length === 0;
    const names = left.map((name) => READOUT_LABELS[name]).join(', ');
    const isAll = left.length === chosen.length;
    setText(this.dropped, isAll ? 'No room for panels in this window' : `No room for: ${names}`);
  }

  #draw(contents: readonly PaneContent[], { moment, path }: State): void {
    for (const { name, light, episode, track } of contents) {
      const view = this.#canvas.view(name);
      const image = track && this.#pictures.get(pictureAt(track, moment));
      if (episode === null || track === undefined || image === undefined) {
        view.clear();
        continue;
      }
      const { screen } = this.#panes.get(name)!;
      const place = this.#places.get(name) ?? this.#canvas.placeOf(screen);
      this.#places.set(name, place);
      view.show(this.#canvas.texture(image), place, this.#canvas.ratio);
      const steps = Math.min(moment, track.steps.length);
      const points: Point[] = [];
      for (let at = Math.max(0, steps - LONGEST_PATH); at <= steps; at++) {
        const position = positionAt(track, at);
        if (position !== null) points.push(position);
      }
      view.walk(path ? points : [], light);
      const over = isOver(track, moment);
      const celebrates = over && this.#wasOver.get(name) === false && !prefersStill();
      if (over !== this.#wasOver.get(name) || !over) {
        view.end(over ? verdictOf(episode, track) : null, points.at(-1) ?? null, celebrates);
      }
      this.#wasOver.set(name, over);
    }
    this.#canvas.draw();
  }
}

/** The panes on screen: the agents, each with its branch after it, and the person who plays. */
export function paneContents(state: State): PaneContent[] {
  const { agents, episode, branch, own, tally, replay } = state;
  const colours = coloursOf(agents);
  const contents = agents.flatMap((newest, index): PaneContent[] => {
    const track = episode?.tracks.get(index);
    const agent = asItPlayed(newest, track, state);
    const first = contentOf(state, agent.person ? PERSON_COLOUR : colours[index]!, {
      name: `agent-${index}`,
      who: agent.name,
      subtitle: replay === null ? describeTraining(agent) : describeReplay(track?.ending),
      agent,
      episode,
      track,
      tally: tally.get(index) ?? [],
    });
    if (branch === null) return [first];
    const at = branch.key.branch;
    const tag = `${branch.number?.symbol} = ${at?.number}`;
    const second: PaneContent = {
      ...first,
      name: `branch-${index}`,
      title: `${agent.name}, ${tag}`,
      tag,
      subtitle: `from step ${at?.at}`,
      episode: branch,
      track: branch.tracks.get(index),
      tally: [],
    };
    return [first, second];
  });
  if (own === null) return contents;
  const person = contentOf(state, PERSON_COLOUR, {
    name: 'own',
    who: 'You',
    subtitle: playsByTouch()
      ? 'use the buttons below'
      : describeKeys(state.world?.actions ?? [], MOST_NAMED),
    agent: null,
    episode: own,
    track: own.tracks.get('you'),
    tally: [],
  });
  return [...contents, person];
}

type Player = Omit<PaneContent, 'title' | 'tag' | 'colour' | 'ink' | 'light'>;

/** @param colour `#rrggbb` */
const contentOf = ({ theme }: State, colour: string, player: Player): PaneContent => ({
  ...player,
  title: player.who,
  tag: '',
  colour: onGround(colour, theme),
  ink: inkOf(colour, theme),
  light: onGround(colour, 'dark'),
});

/** An agent as it was when it played: one that was kept during training had other weights. */
function asItPlayed(agent: AgentInfo, track: Track | undefined, { checkpoints }: State): AgentInfo {
  if (track?.nac === undefined) return agent;
  const frames = checkpoints.get(track.checkpoint ?? '') ?? agent.frames;
  return { ...agent, nac: track.nac, frames, totalFrames: frames };
}

function describeTraining({ frames, totalFrames: total, checkpoint }: AgentInfo): string {
  if (frames === 0) return checkpoint === null ? '' : 'untrained';
  if (total !== null && frames < total)
    return `training: ${short(frames)} of ${short(total)} frames`;
  return `trained on ${short(frames)} frames`;
}

/** Whether the world still does what a replay recorded. */
function describeReplay(ending: TrackEnding | null | undefined): string {
  if (!ending) return '';
  if (ending.differsAt === null) return 'matches the recording';
  return `differs from the recording at step ${ending.differsAt}`;
}

function short(count: number): string {
  if (count < 1e6) return `${Math.round(count / 1e3)}k`;
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)}M`;
}

const prefersStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
