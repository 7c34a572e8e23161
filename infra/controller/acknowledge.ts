import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Accept findings of a rule pack on a construct and everything below it, each with its reason.
 *
 * It writes what `Validations.of(construct).acknowledge()` writes, but for the stack trace: that would put the paths of the machine into the
 * assembly.
 *
 * @param reasons the rule's id (with the finding's own id in brackets where there are several) to why it is right here
 * @see https://github.com/cdklabs/cdk-nag#acknowledging-a-rule
 */
export function acknowledge(construct: Construct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) {
    construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason });
  }
}
