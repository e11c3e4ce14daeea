/** How many of `worlds` each of `shards` gets: as equally as possible, the first ones one more. */
export function splitWorlds(worlds: number, shards: number): number[] {
  const share = Math.floor(worlds / shards);
  return Array.from({ length: shards }, (_, i) => share + (i < worlds % shards ? 1 : 0));
}
