import type uPlot from 'uplot';
import { element, setAttributes } from '../dom.ts';
import type { LineHeights } from './aligned-lines.ts';

/** Where a point of a chart leads. */
export interface PointLink {
  readonly href: string;
  /** What the point says, and where it leads. */
  readonly label: string;
  open(): void;
}

/** Whether a click means what the page does, rather than what the browser does, such as to open another tab. */
export const isPlainClick = ({ ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean =>
  !ctrlKey && !metaKey && !shiftKey && !altKey;

/** Points of one line that are closer than this many pixels have one link. */
const APART = 4;

interface PlacedLink {
  readonly line: number;
  readonly x: number;
  readonly anchor: HTMLAnchorElement;
}

/** A link over each point of a chart. All of them are one stop of the Tab key; the arrow keys go from point to point. */
export class PointLinks {
  readonly #linkOf: (line: number, x: number) => PointLink | null;
  readonly #anchors = new Map<string, HTMLAnchorElement>();
  #placed: readonly PlacedLink[] = [];

  constructor(linkOf: (line: number, x: number) => PointLink | null) {
    this.#linkOf = linkOf;
  }

  place(plot: uPlot, x: readonly number[], lines: readonly LineHeights[]): void {
    const placed = lines.flatMap((heights, line) => this.#placeLine(plot, x, line, heights));
    const kept = new Set(placed.map(({ anchor }) => anchor));
    for (const [key, anchor] of this.#anchors) {
      if (kept.has(anchor)) continue;
      anchor.remove();
      this.#anchors.delete(key);
    }
    this.#placed = placed;
    if (!placed.some(({ anchor }) => anchor.tabIndex === 0) && placed[0])
      placed[0].anchor.tabIndex = 0;
  }

  #placeLine(plot: uPlot, x: readonly number[], line: number, heights: LineHeights): PlacedLink[] {
    let last = Number.NEGATIVE_INFINITY;
    return x.flatMap((at, index) => {
      const height = heights[index];
      const left = plot.valToPos(at, 'x');
      if (typeof height !== 'number' || left - last < APART) return [];
      const link = this.#linkOf(line, at);
      if (link === null) return [];
      last = left;
      const anchor = this.#anchorOf(`${line} ${at}`);
      setAttributes(anchor, { href: link.href, 'aria-label': link.label });
      anchor.style.translate = `${left}px ${plot.valToPos(height, 'y')}px`;
      anchor.onclick = (event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        // After a click by pointer it gives up the focus, so that the arrow keys keep their usual meaning.
        if (event.detail > 0) anchor.blur();
        link.open();
      };
      if (anchor.parentElement !== plot.over) plot.over.append(anchor);
      return [{ line, x: at, anchor }];
    });
  }

  #anchorOf(key: string): HTMLAnchorElement {
    const known = this.#anchors.get(key);
    if (known !== undefined) return known;
    const anchor = element('a', { class: 'point', draggable: 'false', tabindex: -1 });
    anchor.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.#go(anchor, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#anchors.set(key, anchor);
    return anchor;
  }

  /** Goes from a point to another by a key. @returns whether the key means that */
  #go(anchor: HTMLAnchorElement, key: string): boolean {
    const index = this.#placed.findIndex((one) => one.anchor === anchor);
    const { line, x } = this.#placed[index]!;
    const onLine = (wanted: number) => this.#placed.filter((one) => one.line === wanted);
    const nearest = (way: -1 | 1) => {
      const others = this.#placed.filter((one) => Math.sign(one.line - line) === way);
      const next = onLine(way < 0 ? (others.at(-1)?.line ?? -1) : (others[0]?.line ?? -1));
      return next.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
    };
    const keys: Readonly<Record<string, () => PlacedLink | undefined>> = {
      ArrowLeft: () => onLine(line).findLast((one) => one.x < x),
      ArrowRight: () => onLine(line).find((one) => one.x > x),
      ArrowUp: () => nearest(-1),
      ArrowDown: () => nearest(1),
      Home: () => onLine(line)[0],
      End: () => onLine(line).at(-1),
    };
    const find = keys[key];
    if (find === undefined) return false;
    const to = find()?.anchor ?? anchor;
    anchor.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
    return true;
  }
}
