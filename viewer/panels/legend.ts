import type { WorldInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import { legendOf } from '../legend-entries.ts';

/** The names of what is seen in the world, each next to its colour. */
export class Legend {
  readonly root = element('ul', { class: 'legend', 'aria-label': 'What the colours mean' });
  #world: WorldInfo | null = null;

  show(world: WorldInfo | null): void {
    if (world === this.#world || world === null) return;
    this.#world = world;
    this.root.replaceChildren(
      ...legendOf(world).map(({ name, colour }) => {
        const swatch = element('i', { 'aria-hidden': 'true' });
        swatch.style.background = colour;
        return element('li', {}, swatch, document.createTextNode(name));
      }),
    );
  }
}
