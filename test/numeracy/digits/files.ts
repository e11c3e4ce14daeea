import fs from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { drawDigits } from '../../../src/numeracy/digits/digit-data.ts';
import { IDX_FILES, type IdxPart, idxBytes } from '../../../src/numeracy/digits/idx-files.ts';
import type { Digits } from '../../../src/numeracy/digits/images.ts';
import { temporaryFolder } from '../../run/temporary.ts';

export const drawn: Readonly<Record<IdxPart, Digits>> = {
  train: drawDigits(48, 'test of files, train'),
  test: drawDigits(24, 'test of files, test'),
};

/** A folder with four files as MNIST has them, of drawn digits; half of them packed. */
export function folderOfDigits(parts: Readonly<Record<IdxPart, Digits>> = drawn): string {
  const folder = temporaryFolder();
  for (const part of ['train', 'test'] as const) {
    const [images, labels] = IDX_FILES[part];
    const bytes = idxBytes(parts[part]);
    fs.writeFileSync(join(folder, `${images}.gz`), gzipSync(bytes.images));
    fs.writeFileSync(join(folder, labels), bytes.labels);
  }
  return folder;
}
