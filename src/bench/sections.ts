/** What can be measured, in the order in which it is. */
export const SECTIONS = ['worlds', 'matmul', 'engines', 'training'] as const;
export type Section = (typeof SECTIONS)[number];
