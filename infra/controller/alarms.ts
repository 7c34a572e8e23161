import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricsNamespace, resyncCompletedMetric } from './metrics.ts';

export interface AlarmsProps {
  readonly topic: sns.ITopic;
  /** Queues that are empty as long as all is well, by what lies in them otherwise. */
  readonly deadLetters: Readonly<Record<string, sqs.IQueue>>;
  readonly functions: Readonly<Record<string, lambda.IFunction>>;
  /** The function that reads the table's stream. */
  readonly streamReader: lambda.IFunction;
}

/** What a person must hear of. Each goes to the topic when it begins and when it ends. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const alarms = [
      this.resyncs(),
      this.streamAge(props.streamReader),
      ...Object.entries(props.deadLetters).map(([name, queue]) => this.notEmpty(name, queue)),
      ...Object.entries(props.functions).map(([name, fn]) => this.errors(name, fn)),
    ];
    const action = new SnsAction(props.topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  // A controller that does nothing at all sends no metric either, so missing data breaches.
  private resyncs(): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'ResyncsDoNotComplete', {
      alarmDescription:
        'No resync of nextcloud-gitops completed for half an hour: look at the log of the reconcile function.',
      metric: new cloudwatch.Metric({
        namespace: metricsNamespace,
        metricName: resyncCompletedMetric,
        dimensionsMap: { service: 'reconcile' },
        statistic: cloudwatch.Stats.SUM,
        period: Duration.minutes(10),
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  private streamAge(reader: lambda.IFunction): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'NotificationsAreLate', {
      alarmDescription:
        'Changes of status wait for more than five minutes to be published: look at the log of the notify function.',
      metric: reader.metric('IteratorAge', { statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5) }),
      threshold: Duration.minutes(5).toMilliseconds(),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private notEmpty(name: string, queue: sqs.IQueue): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, `${name}AreNotEmpty`, {
      alarmDescription: `Something of nextcloud-gitops could not be handled and lies in ${queue.queueName}: read it, then the logs.`,
      metric: queue.metricApproximateNumberOfMessagesVisible({
        statistic: cloudwatch.Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private errors(name: string, fn: lambda.IFunction): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, `${name}Fails`, {
      alarmDescription: `The function ${fn.functionName} of nextcloud-gitops fails: read its log.`,
      metric: fn.metricErrors({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5) }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
