import { describe, expect, test } from 'vitest';
import { rendered } from './template.ts';

describe.each(['production', 'small'])('%s', (name) => {
  test.each(rendered({}, name).layers.map(({ layer, templateBody }) => [layer, templateBody] as const))(
    '%s',
    async (layer, templateBody) => {
      await expect(templateBody).toMatchFileSnapshot(`__snapshots__/${name}/${layer}.template.json`);
    },
  );
});
