import { createHash } from 'node:crypto';
import {
  type App,
  CfnOutput,
  CfnParameter,
  type IStackSynthesizer,
  LegacyStackSynthesizer,
  Stack,
} from 'aws-cdk-lib/core';
import type { LayerName, ParameterSource } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { stackPrefix, tagKeys } from '../names.ts';

/** Of an AMI's id. The type AWS::EC2::Image::Id would make CloudFormation look it up with the rights of its caller, who has none on images. */
const imageIdPattern = '^ami-[0-9a-f]{8,17}$';

/**
 * The stack of one layer. Values of other layers come in as parameters, never as exports: an export in use can't change. A construct's id
 * right below the stack is its logical id, so every id is written where the resource is.
 */
export class LayerStack extends Stack {
  readonly site: Site;
  readonly layer: LayerName;
  readonly layerTags: Readonly<Record<string, string>>;
  readonly #sources: ParameterSource[] = [];

  constructor(app: App, site: Site, layer: LayerName, description: string) {
    super(app, layer, {
      stackName: stackNameOf(site, layer),
      description,
      // No asset, no bootstrap version rule: the controller hands the template to CloudFormation as it is.
      // (The cast is about optional members: CDK's own types do not agree under exactOptionalPropertyTypes.)
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
    });
    this.site = site;
    this.layer = layer;
    this.layerTags = { [tagKeys.site]: site.name, [tagKeys.layer]: layer };
  }

  /** Where each parameter's value comes from, in the order of declaration. */
  get parameterSources(): readonly ParameterSource[] {
    return this.#sources;
  }

  /** A parameter of the same name as the output of another layer that feeds it; returns its Ref. */
  fromOutput(layer: LayerName, output: string, description: string): string {
    return this.#parameter({ name: output, from: 'output', layer, output }, description);
  }

  /** A parameter whose value the document holds; returns its Ref. */
  fromValue(name: string, value: string, description: string): string {
    return this.#parameter({ name, from: 'value', value }, description);
  }

  /** A parameter for an AMI: an id as it is, or the name of an SSM parameter that holds one, which the controller resolves. */
  fromImage(name: string, image: string, from: 'image' | 'pinned-image', description: string): string {
    const source: ParameterSource = image.startsWith('ami-')
      ? { name, from: 'value', value: image }
      : { name, from, ssmParameter: image };
    return this.#parameter(source, description, imageIdPattern);
  }

  /** An output for other layers and for the controller; never an export. */
  output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }

  #parameter(source: ParameterSource, description: string, allowedPattern?: string): string {
    const pattern = allowedPattern === undefined ? {} : { allowedPattern };
    const parameter = new CfnParameter(this, source.name, { type: 'String', description, ...pattern });
    this.#sources.push(source);
    return parameter.valueAsString;
  }
}

/**
 * `nextcloud-site-<site>-<layer>`. A certificate's stack also carries eight hex digits of its host's hash: DomainName is create-only, so
 * another host is another stack, and the load balancer switches once the new certificate is issued.
 */
export function stackNameOf(site: Site, layer: LayerName): string {
  const suffix =
    layer === 'certificate' ? `-${createHash('sha256').update(site.dns.host).digest('hex').slice(0, 8)}` : '';
  return `${stackPrefix}${site.name}-${layer}${suffix}`;
}
