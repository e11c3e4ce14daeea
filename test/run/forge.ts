import fs from 'node:fs';
import { join } from 'node:path';
import { stringifyChecked } from '../../src/run/checked-json.ts';
import { readChecked } from '../../src/run/json.ts';

type Change = (text: string) => string;
type Content = Record<string, unknown>;

/** Rewrites a JSON file that holds its own checksum, which is right again. @returns the checksum */
export function rewrite(path: string, change: (content: Content) => Content): string {
  const { text, sha256 } = stringifyChecked(change(readChecked(path).content), 'forged', 2);
  fs.writeFileSync(path, text);
  return sha256;
}

/** Changes what a run says of itself as somebody would who knows the format: every checksum is right again. */
export function forge(run: string, change: Change): void {
  const changed = (content: unknown): Content =>
    JSON.parse(change(JSON.stringify(content, undefined, 2)));
  rewrite(join(run, 'run.json'), changed);
  forgeCheckpoints(run, ({ description, ...state }) => ({
    ...state,
    description: changed(description),
  }));
}

/** The same for what its checkpoints hold besides tensors. */
export function forgeCheckpoints(run: string, change: (content: Content) => Content): void {
  const sums = new Map(
    fs
      .readdirSync(join(run, 'checkpoints'))
      .map((folder) => [folder, rewrite(join(run, 'checkpoints', folder, 'state.json'), change)]),
  );
  rewrite(join(run, 'checkpoints.json'), (names) =>
    Object.fromEntries(
      Object.entries(names as Record<string, { folder: string } | null>).map(([name, named]) => [
        name,
        named && { ...named, sha256: sums.get(named.folder) },
      ]),
    ),
  );
}
