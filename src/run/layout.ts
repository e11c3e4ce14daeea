import { stringifyChecked } from './checked-json.ts';

export const descriptionFile = 'run.json';
export const metricsFile = 'metrics.jsonl';
/** The same name in every run, so that a resumed training finds it; TensorBoard looks for `tfevents` in it. */
export const eventsFile = 'events.out.tfevents.timegrid';
/** The version of this layout, in `run.json`. */
export const FORMAT = 2;

/** What `run.json` holds. @throws TypeError naming the part of the description that JSON cannot hold */
export const textOf = (description: object): string =>
  stringifyChecked({ format: FORMAT, ...description }, 'description', 2).text;
