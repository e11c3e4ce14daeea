// The page may not make code out of text. Zod tries it, and pixi relies on it, unless told beforehand: this is imported first.
import 'pixi.js/unsafe-eval';
import * as z from 'zod';

z.config({ jitless: true });
