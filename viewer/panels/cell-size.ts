interface Room {
  /** Pixels for all blocks. */
  readonly width: number;
  readonly blocks: number;
  readonly columns: number;
  /** Whether cells are touched rather than clicked. */
  readonly isCoarse: boolean;
}

const LARGEST = 22;
/** What a finger meets, and what a mouse does. */
const LEAST = { finger: 24, mouse: 14 };
/** Pixels of a block besides its cells, the gap to the next one included. */
export const BESIDE_CELLS = 132;

/** The side of a cell in pixels: so many blocks stand side by side that cells are large enough; what is wider still is scrolled. */
export function cellSize({ width, blocks, columns, isCoarse }: Room): number {
  const least = isCoarse ? LEAST.finger : LEAST.mouse;
  for (let beside = blocks; beside > 0; beside--) {
    const size = Math.floor((width / beside - BESIDE_CELLS) / columns);
    if (size >= least) return Math.min(Math.max(LARGEST, least), size);
  }
  return least;
}
