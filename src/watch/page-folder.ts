import { fileURLToPath } from 'node:url';

/** Where the built page lies, beside the compiled program. */
export const pageFolder = fileURLToPath(new URL('../../viewer', import.meta.url));
