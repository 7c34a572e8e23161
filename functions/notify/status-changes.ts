import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { statusOfItem } from '../../controller/aws/statuses.ts';
import { siteOfItem } from '../../controller/aws/table.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';

/** What one record of the table's stream says of a site's status. */
export interface StatusChange {
  readonly site: string;
  /** Position in the stream, which a failure is reported by. */
  readonly sequenceNumber: string;
  /** Absent: the item was removed, or is of a format that this code does not know. */
  readonly status?: SiteStatus;
}

/**
 * The changes of status items in a delivery, in their order; records of other items are left out. The stream carries
 * the new images: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function statusChanges(records: readonly DynamoDBRecord[]): readonly StatusChange[] {
  return records.flatMap(({ dynamodb }) => {
    const keys = item(dynamodb?.Keys);
    const site = siteOfItem(keys);
    if (site === undefined || !keys['sk']?.S?.startsWith('status#')) return [];
    const status = statusOfItem(item(dynamodb?.NewImage));
    const sequenceNumber = dynamodb?.SequenceNumber ?? '';
    return [{ site, sequenceNumber, ...(status === undefined ? {} : { status }) }];
  });
}

/** The stream's images are the SDK's attribute values under another name. */
function item(image: object | undefined): Readonly<Record<string, AttributeValue>> {
  return (image ?? {}) as Readonly<Record<string, AttributeValue>>;
}
