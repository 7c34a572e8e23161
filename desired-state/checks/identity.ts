import type { Check } from './check.ts';

/** The site's name is the file's: the controller finds the one by the other. Files outside of a folder `sites` are free. */
export const nameIsTheFiles: Check = {
  reads: ['name'],
  run: ({ name }, { fileName }) => {
    const expected = /(?:^|[/\\])sites[/\\]([^/\\]+)\.json$/.exec(fileName ?? '')?.[1];
    if (expected === undefined || expected === name) return [];
    const message = `the site is called "${name}", but its file is sites/${expected}.json: the two must be the same`;
    return [{ path: ['name'], message }];
  },
};

/** A controller serves the sites of its own region: its events and its execution role are regional. */
export const regionIsTheControllers: Check = {
  reads: ['region'],
  run: (site, { region }) => {
    if (region === undefined || site.region === region) return [];
    const message = `the site is in ${site.region}, but this controller serves ${region}: a site needs the controller of its region`;
    return [{ path: ['region'], message }];
  },
};
