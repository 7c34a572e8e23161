import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Log, Metrics } from '../controller/ports/observability.ts';

/** Log and metrics of one invocation, under the names in POWERTOOLS_SERVICE_NAME and POWERTOOLS_METRICS_NAMESPACE. */
export interface Observability {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Writes what was counted, as one EMF line. */
  readonly publish: () => void;
}

const logger = new Logger();
const metrics = new PowertoolsMetrics();

/** Powertools behind the ports; every line carries the invocation's request id. */
export function observe({ awsRequestId }: Pick<Context, 'awsRequestId'>): Observability {
  logger.resetKeys();
  logger.appendKeys({ requestId: awsRequestId });
  return {
    log: {
      info: (message, facts = {}) => logger.info(message, facts),
      warn: (message, facts = {}) => logger.warn(message, facts),
      error: (message, facts) => logger.error(message, facts),
    },
    metrics: {
      count: (name, value) => metrics.addMetric(name, MetricUnit.Count, value),
      milliseconds: (name, value) => metrics.addMetric(name, MetricUnit.Milliseconds, value),
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
