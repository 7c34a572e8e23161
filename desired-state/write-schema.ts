import { writeFileSync } from 'node:fs';
import { siteJsonSchema } from './json-schema.ts';

// `npm run schema`: the schema is committed, so that an editor finds it beside the documents.
writeFileSync(new URL('site.schema.json', import.meta.url), siteJsonSchema());
