import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import { certificateArnFor } from './certificate.ts';
import type { LayerStack } from './layer-stack.ts';
import { accessLogPrefix, addLogBucket } from './log-bucket.ts';
import { nameTag } from './tags.ts';
import type { WebInputs } from './web.ts';

/** TLS 1.3 and 1.2 with forward secrecy and post-quantum key exchange; the service's own default is of 2016. */
const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';

/** Path that a node answers by itself: it knows the mount, and it asks Nextcloud with the right host name. */
export const healthPath = '/health';

/** Seconds that a connection may be silent: an upload's last chunk is assembled on the file system before the answer. */
const idleTimeoutSeconds = 3600;

/** The load balancer and what hangs on it. */
export interface LoadBalancer {
  readonly loadBalancer: CfnLoadBalancer;
  readonly targetGroup: CfnTargetGroup;
  readonly httpsListener: CfnListener;
}

/** The load balancer over the public subnets: HTTP redirects to HTTPS, HTTPS goes to the nodes, access logs go to their bucket. */
export function addLoadBalancer(stack: LayerStack, inputs: WebInputs): LoadBalancer {
  const { site } = stack;
  const logs = addLogBucket(stack);
  const loadBalancer = new CfnLoadBalancer(stack, 'LoadBalancer', {
    type: 'application',
    scheme: 'internet-facing',
    ipAddressType: 'ipv4',
    subnets: [...inputs.publicSubnets],
    securityGroups: [inputs.loadBalancerSecurityGroup],
    loadBalancerAttributes: attributes({
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': logs.bucket.ref,
      'access_logs.s3.prefix': accessLogPrefix,
      'deletion_protection.enabled': 'true',
      'idle_timeout.timeout_seconds': String(idleTimeoutSeconds),
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http2.enabled': 'true',
    }),
    tags: nameTag(site, 'load-balancer'),
  });
  // The service writes a test object when logging is turned on.
  loadBalancer.addResourceDependency(logs.policy);
  const targetGroup = addTargetGroup(stack, inputs);
  const httpsListener = addListeners(stack, loadBalancer, targetGroup);

  stack.output(controllerOutputs.targetGroupArn, targetGroup.ref, 'ARN of the target group');
  stack.output(controllerOutputs.loadBalancerDnsName, loadBalancer.attrDnsName, 'DNS name of the load balancer');
  return { loadBalancer, targetGroup, httpsListener };
}

function addTargetGroup(stack: LayerStack, inputs: WebInputs): CfnTargetGroup {
  return new CfnTargetGroup(stack, 'TargetGroup', {
    targetType: 'instance',
    protocol: 'HTTP',
    port: 80,
    vpcId: inputs.vpcId,
    healthCheckProtocol: 'HTTP',
    healthCheckPath: healthPath,
    healthCheckIntervalSeconds: 10,
    healthCheckTimeoutSeconds: 8,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 3,
    matcher: { httpCode: '200' },
    targetGroupAttributes: attributes({
      'deregistration_delay.timeout_seconds': String(stack.site.lifecycle.budgets.drainSeconds),
      'load_balancing.algorithm.type': 'least_outstanding_requests',
      // Sessions are in the cache: any node serves any request.
      'stickiness.enabled': 'false',
    }),
    tags: nameTag(stack.site, 'nodes'),
  });
}

function addListeners(stack: LayerStack, loadBalancer: CfnLoadBalancer, targetGroup: CfnTargetGroup): CfnListener {
  new CfnListener(stack, 'HttpListener', {
    loadBalancerArn: loadBalancer.ref,
    protocol: 'HTTP',
    port: 80,
    defaultActions: [{ type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
  });
  return new CfnListener(stack, 'HttpsListener', {
    loadBalancerArn: loadBalancer.ref,
    protocol: 'HTTPS',
    port: 443,
    sslPolicy: tlsPolicy,
    certificates: [{ certificateArn: certificateArnFor(stack) }],
    defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.ref }],
  });
}

function attributes(values: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
