/** The moves of a person, which may be quicker than the server: each is sent once the one before it has been answered. */
export class MoveQueue {
  readonly #moves: number[] = [];
  #sent = 0;
  #answered = 0;

  add(action: number): void {
    this.#moves.push(action);
  }

  /** Takes the next move to be sent; null where there is none, or an answer is awaited. */
  next(): { readonly step: number; readonly action: number } | null {
    const action = this.#moves[this.#sent];
    if (this.#answered < this.#sent || action === undefined) return null;
    return { step: this.#sent++, action };
  }

  /** Notes that some moves were answered. */
  answer(count: number): void {
    this.#answered += count;
  }

  /** After a reconnection: the first `known` moves, whose answers are there already, to be taken again at once. */
  again(known: number): number[] {
    this.#sent = known;
    this.#answered = 0;
    return this.#moves.slice(0, known);
  }

  /** A move was refused: neither it nor those after it are taken. */
  refuse(): void {
    this.#moves.length = this.#answered;
    this.#sent = this.#answered;
  }
}
