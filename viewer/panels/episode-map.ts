import { coloursOf, onGround } from '../../src/render/palette.ts';
import { episodeAddress } from '../address.ts';
import { isPlainClick } from '../charts/point-links.ts';
import type { Commands } from '../commands.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { LastSeen } from '../last-seen.ts';
import {
  MARKS,
  type MappedAgent,
  mapEpisodes,
  type OutcomeKind,
  outcomeAt,
  outcomeText,
} from '../outcomes.ts';
import type { State } from '../state.ts';
import { cellSize } from './cell-size.ts';
import { explainButton } from './explainer.ts';

const EXPLANATION =
  'Every episode that has been played so far: a table for each agent, a row for each number that it was told, and a square for each start. The same square of two tables is the same start, so one sees where one agent fails and another does not. Choose a square to watch its episode; arrow keys go from one to the next.';

interface Row {
  readonly root: HTMLTableRowElement;
  look: string;
}

interface Block {
  readonly body: HTMLTableSectionElement;
  readonly rows: Map<number, Row>;
}

/** How every episode went: agent × number × episode, each cell a link to its episode. */
export class EpisodeMap {
  readonly #commands: Commands;
  readonly #dialog = element('dialog', { class: 'map', 'aria-labelledby': 'map-title' });
  readonly #note = element('p');
  readonly #legend = element('ul', { class: 'legend' });
  readonly #blocks = element('div', { class: 'blocks' });
  readonly #seen = new LastSeen();
  #state: State | undefined;
  #shape = '';
  #tables: readonly Block[] = [];

  constructor(commands: Commands) {
    this.#commands = commands;
    const close = element('button', { class: 'button', type: 'button', text: 'Close' });
    close.addEventListener('click', () => this.#dialog.close());
    const title = element('h2', { id: 'map-title', text: 'All episodes' });
    const about = explainButton('All episodes', () => EXPLANATION);
    this.#dialog.append(
      element('header', {}, title, about, this.#legend, close),
      this.#note,
      this.#blocks,
    );
    this.#dialog.addEventListener('click', (event) => this.#click(event));
    this.#blocks.addEventListener('keydown', (event) => this.#key(event));
    document.body.append(this.#dialog);
    new ResizeObserver(() => this.#fit()).observe(this.#dialog);
  }

  open(): void {
    if (!this.#state?.world?.number) return;
    this.#dialog.showModal();
    this.#seen.differs();
    this.#render(this.#state);
    this.#blocks.querySelector<HTMLElement>('.cell[tabindex="0"]')?.focus();
  }

  show(state: State): void {
    this.#state = state;
    if (this.#dialog.open) this.#render(state);
  }

  #render(state: State): void {
    const { world, agents, rows, outcomes, policy, number, seed, theme } = state;
    if (!world?.number) return;
    if (!this.#seen.differs(world, agents, rows, outcomes, policy, number, seed, theme)) return;
    const { numbers, columns, byAgent } = mapEpisodes(state);
    const names = agents.map(({ name }) => name);
    const shape = JSON.stringify([names, columns, policy, theme]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(state, columns);
    }
    const actions = policy === 'greedy' ? 'greedy' : 'sampled';
    setText(
      this.#note,
      numbers.length === 0
        ? 'No episode has been played to its end yet.'
        : `A row for each ${world.number.meaning}, a square for each episode with ${actions} actions. Choose one to watch it.`,
    );
    for (const [agent, block] of this.#tables.entries())
      this.#fill(block, agent, byAgent[agent]!, numbers, columns);
    this.#fit();
    if (!this.#blocks.querySelector('.cell[tabindex="0"]')) {
      const first = ['.cell[aria-current]', '.cell'].map((one) => this.#blocks.querySelector(one));
      first.find((cell) => cell !== null)?.setAttribute('tabindex', '0');
    }
  }

  #build({ agents, theme, world }: State, columns: number): void {
    const number = world!.number!;
    const kinds = (Object.keys(MARKS) as OutcomeKind[]).filter(
      (kind) => kind !== 'wrong' || (world!.otherNumbers ?? []).length > 0,
    );
    this.#legend.replaceChildren(
      ...kinds.map((kind) =>
        element(
          'li',
          {},
          element('span', { class: 'cell', 'data-outcome': kind, text: MARKS[kind] }),
          element('span', { text: outcomeText(kind, number) }),
        ),
      ),
    );
    const colours = coloursOf(agents);
    const tables = agents.map(({ name }, agent) => {
      const head = element('tr', {}, element('th', { scope: 'col', text: number.symbol }));
      for (let index = 0; index < columns; index++) {
        const text = index % 5 === 0 ? index : '';
        head.append(element('th', { scope: 'col', 'aria-label': `episode ${index}`, text }));
      }
      head.append(element('th', { scope: 'col', class: 'share', text: 'exact' }));
      const body = element('tbody');
      const caption = element('caption', { text: name });
      caption.style.setProperty('--agent', onGround(colours[agent]!, theme));
      const table = element('table', {}, caption, element('thead', {}, head), body);
      return { table, block: { body, rows: new Map<number, Row>() } };
    });
    this.#tables = tables.map(({ block }) => block);
    this.#blocks.replaceChildren(...tables.map(({ table }) => table));
  }

  #fill(
    { body, rows }: Block,
    agent: number,
    known: MappedAgent,
    numbers: readonly number[],
    columns: number,
  ): void {
    const state = this.#state!;
    for (const [number, { root }] of rows) {
      if (numbers.includes(number)) continue;
      root.remove();
      rows.delete(number);
    }
    numbers.forEach((number, place) => {
      const { outcomes, share } = known.get(number) ?? { outcomes: '', share: '' };
      const current = number === state.number ? state.seed : -1;
      const row = rows.get(number) ?? { root: element('tr'), look: '' };
      rows.set(number, row);
      const look = [outcomes, share, current].join();
      if (row.look !== look) {
        row.look = look;
        this.#fillRow(row.root, { agent, number, outcomes, share, current, columns });
      }
      if (body.rows[place] !== row.root) body.insertBefore(row.root, body.rows[place] ?? null);
    });
  }

  #fillRow(
    root: HTMLTableRowElement,
    row: {
      readonly agent: number;
      readonly number: number;
      readonly outcomes: string;
      readonly share: string;
      readonly current: number;
      readonly columns: number;
    },
  ): void {
    const state = this.#state!;
    const { agent, number, outcomes, share, current, columns } = row;
    const { symbol } = state.world!.number!;
    if (root.cells.length !== columns + 2) {
      const cells = Array.from({ length: columns }, (_, seed) => {
        const place = { 'data-agent': agent, 'data-number': number, 'data-seed': seed };
        return element('td', {}, element('a', { class: 'cell', tabindex: -1, ...place }));
      });
      const name = element('th', { scope: 'row', text: number.toLocaleString('en') });
      root.replaceChildren(name, ...cells, element('td', { class: 'share' }));
    }
    root.querySelectorAll<HTMLAnchorElement>('a').forEach((cell, seed) => {
      const kind = outcomeAt(outcomes, seed);
      const text = outcomeText(kind, state.world!.number!);
      const name = `${state.agents[agent]!.name}, ${symbol} = ${number}, episode ${seed}: ${text}`;
      setAttributes(cell, {
        ...{ href: episodeAddress(state, number, seed), 'aria-label': name, title: name },
        ...{ 'data-outcome': kind, 'aria-current': seed === current && 'true' },
      });
      setText(cell, MARKS[kind]);
    });
    setText(root.cells[columns + 1]!, share);
  }

  /** Makes the cells as large as there is room for. */
  #fit(): void {
    const columns = this.#tables[0]?.body.rows[0]?.querySelectorAll('a').length ?? 0;
    if (!this.#dialog.open || columns === 0) return;
    const width = this.#blocks.clientWidth;
    const isCoarse = window.matchMedia('(pointer: coarse)').matches;
    const size = cellSize({ width, blocks: this.#tables.length, columns, isCoarse });
    this.#blocks.style.setProperty('--cell', `${size}px`);
  }

  #click(event: MouseEvent): void {
    const { target } = event;
    if (target === this.#dialog) this.#dialog.close();
    const cell = target instanceof Element ? target.closest<HTMLElement>('a.cell') : null;
    if (cell === null || !isPlainClick(event)) return;
    event.preventDefault();
    this.#rest(cell);
    this.#dialog.close();
    this.#commands.showEpisode(Number(cell.dataset.number), Number(cell.dataset.seed));
  }

  /** Lets a cell be the one that the Tab key stops at. */
  #rest(cell: HTMLElement): void {
    for (const other of this.#blocks.querySelectorAll('.cell[tabindex="0"]'))
      other.setAttribute('tabindex', '-1');
    cell.setAttribute('tabindex', '0');
  }

  /** Goes from cell to cell: by number, by episode, and on to the next agent. */
  #key(event: KeyboardEvent): void {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const cell = target instanceof Element ? target.closest<HTMLElement>('a.cell') : null;
    if (cell === null || ctrlKey || metaKey || altKey) return;
    const agent = Number(cell.dataset.agent);
    const { rows } = this.#tables[agent]!.body;
    const row = cell.closest('tr')!;
    const [seed, place] = [Number(cell.dataset.seed), [...rows].indexOf(row)];
    const last = row.querySelectorAll('a').length - 1;
    const at = (block: number, line: number, index: number) =>
      this.#tables[block]?.body.rows[line]?.querySelectorAll<HTMLElement>('a')[index];
    const keys: Readonly<Record<string, () => HTMLElement | undefined>> = {
      ArrowLeft: () => at(agent, place, seed - 1) ?? at(agent - 1, place, last),
      ArrowRight: () => at(agent, place, seed + 1) ?? at(agent + 1, place, 0),
      ArrowUp: () => at(agent, place - 1, seed),
      ArrowDown: () => at(agent, place + 1, seed),
      Home: () => at(agent, place, 0),
      End: () => at(agent, place, last),
    };
    const find = keys[key];
    if (find === undefined) return;
    event.preventDefault();
    const to = find();
    if (to === undefined) return;
    this.#rest(to);
    to.focus();
  }
}
