const NAMED = /^[A-Za-z_]\w*=/;

/**
 * Reads `--numbers first=3 second=5..20` as `--numbers first=3 --numbers second=5..20`. An option that took every word after it would
 * take the folder of a run too.
 */
export function repeatNumbers(argv: readonly string[]): string[] {
  const repeated: string[] = [];
  let isOpen = false;
  for (const [i, word] of argv.entries()) {
    const isFirst = argv[i - 1] === '--numbers' || word.startsWith('--numbers=');
    const isFurther: boolean = isOpen && !isFirst && NAMED.test(word);
    if (isFurther) repeated.push('--numbers');
    isOpen = isFirst || isFurther;
    repeated.push(word);
  }
  return repeated;
}
