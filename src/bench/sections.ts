/** What can be measured, in the order in which it is. */
export const SECTIONS = ['worlds', 'matmul', 'engines', 'training', 'programs'] as const;
export type Section = (typeof SECTIONS)[number];
