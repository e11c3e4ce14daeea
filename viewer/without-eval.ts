// The page must not turn text into code (its content security policy forbids it). Zod tries to, and pixi needs to, unless they are
// configured beforehand, so this is imported first.
import 'pixi.js/unsafe-eval';
import * as z from 'zod';

z.config({ jitless: true });
