import * as z from 'zod';

/** Where a world, a pathway or a cell came from that does not come with this package. */
export const pluginSourceSchema = z.strictObject({
  /** As it was named: `./my-world.ts`, `./my-world.ts#Maze`, `some-package#Maze`. */
  given: z.string(),
  /** The folder from which it was named, absolute. */
  from: z.string(),
  /** The version of the package, or `sha256:…` over the file and all that it imports by a relative path. */
  version: z.string(),
});

export type PluginSource = z.infer<typeof pluginSourceSchema>;
