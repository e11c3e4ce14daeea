import { execFileSync } from 'node:child_process';

/** Compiles the package once: tests that start processes or worker threads run the compiled code. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
