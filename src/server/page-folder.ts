import { fileURLToPath } from 'node:url';

/** The folder of the built page, next to the compiled program. */
export const pageFolder = fileURLToPath(new URL('../../viewer', import.meta.url));
