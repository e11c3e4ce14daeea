/** Where a picture may be, in CSS pixels from the stage's top left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
