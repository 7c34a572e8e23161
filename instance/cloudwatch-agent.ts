/** What the agent's configuration is made from. */
export interface AgentInputs {
  readonly site: string;
  readonly namespace: string;
  readonly systemLogGroup: string;
  readonly webLogGroup: string;
  readonly nextcloudLogGroup: string;
}

/**
 * Configuration of the CloudWatch agent on a node: memory, disk and swap, and the logs of system, web server, PHP and Nextcloud, one stream an
 * instance. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 */
export function cloudWatchAgentConfiguration(inputs: AgentInputs) {
  const file = (path: string, logGroup: string) => ({
    file_path: path,
    log_group_name: logGroup,
    log_stream_name: `{instance_id}${path}`,
  });
  return {
    agent: { metrics_collection_interval: 60, run_as_user: 'root' },
    metrics: {
      namespace: inputs.namespace,
      append_dimensions: { InstanceId: `\${aws:InstanceId}` },
      aggregation_dimensions: [['Site']],
      metrics_collected: {
        mem: { measurement: ['mem_used_percent'], append_dimensions: { Site: inputs.site } },
        swap: { measurement: ['swap_used_percent'], append_dimensions: { Site: inputs.site } },
        disk: {
          resources: ['/'],
          drop_device: true,
          measurement: ['used_percent'],
          append_dimensions: { Site: inputs.site },
        },
      },
    },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            file('/var/log/cloud-init-output.log', inputs.systemLogGroup),
            file('/var/log/amazon/efs/mount.log', inputs.systemLogGroup),
            file('/var/log/nginx/error.log', inputs.webLogGroup),
            file('/var/log/php-fpm/error.log', inputs.webLogGroup),
            file('/var/log/nextcloud/nextcloud.log', inputs.nextcloudLogGroup),
          ],
        },
      },
    },
  };
}
