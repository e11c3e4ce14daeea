/** The name of a parameter's gradient among a program's outputs. */
export const gradientName = (parameter: string): string => `gradient/${parameter}`;
