import type { TableSettings } from '../render/table.ts';
import type { Output } from './terminal.ts';

/** As wide and as colourful as the terminal that a table goes to. */
export function tableSettings(stream: Output): TableSettings {
  return {
    ...(stream.columns === undefined ? {} : { columns: stream.columns }),
    colour: stream.isTTY === true && stream.hasColors?.() === true,
  };
}
