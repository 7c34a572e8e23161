import type { ConditionType, Reason } from './conditions.ts';

/** An event for those who subscribed, in the form of Flux's: https://fluxcd.io/flux/components/notification/events/ */
export interface SiteEvent {
  readonly involvedObject: { readonly kind: 'Site'; readonly name: string };
  readonly severity: 'info' | 'error';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly message: string;
  readonly reason: Reason;
  readonly metadata: { readonly revision: string; readonly condition?: ConditionType };
  readonly reportingController: 'nextcloud-gitops';
}

/** An event as it is published. */
export interface Announcement {
  readonly subject: string;
  /** The event as JSON text. */
  readonly body: string;
  /** For subscriptions to filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** How an event is published. */
export function announcementOf(event: SiteEvent): Announcement {
  const { involvedObject, severity, reason, metadata } = event;
  return {
    subject: `${involvedObject.name}: ${reason}`,
    body: JSON.stringify(event),
    attributes: {
      site: involvedObject.name,
      severity,
      reason,
      ...(metadata.condition === undefined ? {} : { condition: metadata.condition }),
    },
  };
}
