import type { WriteStream } from 'node:tty';
import type { TableSettings } from '../render/table.ts';

/** As wide and as colourful as the terminal that a table goes to. */
export function tableSettings(stream: Partial<WriteStream>): TableSettings {
  return {
    ...(stream.columns === undefined ? {} : { columns: stream.columns }),
    colour: stream.isTTY === true && stream.hasColors?.() === true,
  };
}
