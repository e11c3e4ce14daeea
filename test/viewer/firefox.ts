import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where Debian puts it; `FIREFOX` names another. */
const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
export const hasFirefox = fs.existsSync(FIREFOX);
if (!hasFirefox)
  console.warn(`No browser at ${FIREFOX}: the tests of pages in Firefox are skipped.`);

/** Opens an address in a Firefox of its own, which nothing drives: what it loads must say what it sees. */
export async function openInFirefox(address: string): Promise<void> {
  const profile = fs.mkdtempSync(join(tmpdir(), 'timegrid-firefox-'));
  const args = ['--headless', '--no-remote', '--profile', profile, address];
  const firefox = spawn(FIREFOX, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => firefox.once('exit', resolve).once('error', resolve));
  onTestFinished(async () => {
    firefox.kill('SIGKILL');
    await ended;
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  });
}
