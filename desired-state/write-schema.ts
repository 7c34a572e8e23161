import { readFileSync, writeFileSync } from 'node:fs';
import { siteJsonSchema } from './json-schema.ts';
import { referencePage } from './reference-page.ts';

// `npm run schema`: both are committed, so that an editor finds the schema beside the documents and a reader the page.
writeFileSync(new URL('site.schema.json', import.meta.url), siteJsonSchema());
const page = new URL('../docs/guide/site-document.md', import.meta.url);
writeFileSync(page, referencePage(readFileSync(page, 'utf8')));
