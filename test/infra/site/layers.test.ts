import { describe, expect, test } from 'vitest';
import { controllerOutputs, layerNames } from '../../../desired-state/rendered.ts';
import { referencesIn, rendered, template, templatesOf, valuesIn } from './template.ts';

const sites = {
  production: rendered(),
  small: rendered({}, 'small'),
  'without zone and bastion': rendered({
    'access.bastion': { enabled: false },
    'dns.hostedZone': 'none',
    'dns.certificate': 'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  }),
};

describe.each(Object.entries(sites))('%s', (_, site) => {
  const templates = templatesOf(site);

  test('layers are in the order of their dependencies: a value comes from an earlier layer that outputs it', () => {
    for (const [index, { parameters }] of site.layers.entries()) {
      const earlier = new Set(site.layers.slice(0, index).map(({ layer }) => layer));
      for (const source of parameters) {
        if (source.from !== 'output') continue;
        expect(earlier).toContain(source.layer);
        expect(Object.keys(templates[source.layer]?.Outputs ?? {})).toContain(source.output);
      }
    }
  });

  test('every parameter of a template has a source, and is used', () => {
    for (const { layer, parameters } of site.layers) {
      const of = templates[layer];
      const declared = Object.keys(of?.Parameters ?? {}).sort();
      expect(parameters.map(({ name }) => name).sort()).toEqual(declared);
      const used = referencesIn(of?.Resources);
      expect(declared.filter((name) => !used.has(name))).toEqual([]);
    }
  });

  test('no export, no import, no bootstrap rule, no asset, no CDK metadata', () => {
    for (const { layer } of site.layers) {
      const of = templates[layer];
      expect(
        Object.keys(of ?? {}).filter((key) => !['Description', 'Outputs', 'Parameters', 'Resources'].includes(key)),
      ).toEqual([]);
      for (const output of Object.values(of?.Outputs ?? {})) expect(output).not.toHaveProperty('Export');
      for (const value of valuesIn(of)) {
        if (typeof value === 'object' && value !== null) expect(value).not.toHaveProperty('Fn::ImportValue');
      }
      expect(JSON.stringify(of)).not.toMatch(/aws:cdk|CDKMetadata|BootstrapVersion/);
    }
  });

  test('stacks are named by site and layer, and carry their tags', () => {
    for (const { layer, stackName, tags } of site.layers) {
      const name = `nextcloud-site-${site.site.name}-${layer}`;
      expect(stackName).toMatch(
        layer === 'certificate' ? new RegExp(`^${name}-[0-9a-f]{8}$`) : new RegExp(`^${name}$`),
      );
      expect(tags).toEqual({ 'nextcloud-gitops:site': site.site.name, 'nextcloud-gitops:layer': layer });
    }
  });
});

test('production has all five layers', () => {
  expect(sites.production.layers.map(({ layer }) => layer)).toEqual([...layerNames]);
});

test('a certificate for another host is another stack', () => {
  const name = (site: ReturnType<typeof rendered>) =>
    site.layers.find(({ layer }) => layer === 'certificate')?.stackName;
  expect(name(rendered({ 'dns.host': 'files.example.com' }))).not.toBe(name(sites.production));
});

test('every output that the controller reads is there', () => {
  const outputs = Object.values(templatesOf(sites.production)).flatMap((of) => Object.keys(of?.Outputs ?? {}));
  expect(Object.values(controllerOutputs).filter((name) => !outputs.includes(name))).toEqual([]);
});

test('no secret value stands in a template: passwords are references that CloudFormation resolves', () => {
  const data = JSON.stringify(template('data'));
  expect(data.match(/"(MasterUserPassword|AuthToken)":\{"Fn::Join"/g)).toHaveLength(2);
  expect(data).not.toContain('"SecretString":');
});
