import type * as z from 'zod';

/** Options as a strict zod object: every field has a default and a description. */
export type OptionsSchema = z.ZodObject;
