/** The steps that the lanes of the timeline show. */
export interface TimelineWindow {
  readonly first: number;
  /** Steps from the first on that have room; a fraction where all of the episode has. */
  readonly count: number;
}

/** Below this width of a step, in CSS pixels, nobody can tell one step from the next. */
const LEAST_CELL = 4;
/** The width of a step where only some are shown: wide enough for the signs of actions. */
const CELL = 12;
/** The share of a window that stays clear before and behind the moment on screen. */
const MARGIN = 1 / 8;

/**
 * All steps where each can be told from the next; otherwise some around the moment on screen. Like pages of a book, they change only
 * when that moment comes near an end of them.
 *
 * @param span steps of the episode
 * @param room CSS pixels for them
 * @param before the first step that was shown before
 * @param isHeld whether they may change only as far as they must
 */
export function windowAt(
  moment: number,
  span: number,
  room: number,
  before: number,
  isHeld = false,
): TimelineWindow {
  if (room / span >= LEAST_CELL || room <= 0) return { first: 0, count: span };
  const count = Math.max(1, Math.floor(room / CELL));
  const last = span - count;
  const within = (first: number) => ({ first: Math.max(0, Math.min(last, first)), count });
  if (isHeld) return within(Math.max(moment - count, Math.min(moment, before)));
  const margin = Math.floor(count * MARGIN);
  const [from, to] = [before + margin, before + count - margin];
  const isNearAnEnd = (before <= 0 && moment < margin) || (before >= last && moment > to);
  if ((moment >= from && moment <= to) || isNearAnEnd) return within(before);
  return within(moment < from ? moment - count + margin : moment - margin);
}
