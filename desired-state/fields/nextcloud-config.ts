import * as v from 'valibot';
import { matching, whole } from './field.ts';

const flag = v.boolean();
const text = matching(/^[ -~\u00a0-\uffff]{0,1000}$/, 'must be at most 1000 characters on one line');
const retention = matching(
  /^(auto|disabled|\d+(, ?(auto|\d+))?|auto, ?\d+)$/,
  'must be such as "auto", "30, auto" or "disabled"',
);
const megabytes = whole(1, 4096, 'MB');
const pixels = whole(64, 8192, 'pixels');
const seconds = whole(60, 31_536_000, 'seconds');

/**
 * The system settings of Nextcloud that a document may set. Left out on purpose: what the site sets itself (database, cache,
 * trusted domains and proxies, data directory, app store, updater), what holds a secret, and what runs or loads something.
 * https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/config_sample_php_parameters.html
 */
export const nextcloudConfig = v.strictObject({
  activity_expire_days: v.exactOptional(whole(1, 3650, 'days')),
  allow_user_to_change_display_name: v.exactOptional(flag),
  auth_bruteforce_protection_enabled: v.exactOptional(flag),
  auto_logout: v.exactOptional(flag),
  default_language: v.exactOptional(matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a language such as fr or de_AT')),
  default_locale: v.exactOptional(matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a locale such as fr_FR')),
  default_phone_region: v.exactOptional(matching(/^[A-Z]{2}$/, 'must be a country code such as FR')),
  default_timezone: v.exactOptional(
    matching(/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/, 'must be a time zone such as Europe/Paris'),
  ),
  defaultapp: v.exactOptional(matching(/^[a-z][a-z0-9_,]{0,200}$/, 'must be app ids, separated by commas')),
  enable_previews: v.exactOptional(flag),
  force_language: v.exactOptional(matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a language such as fr or de_AT')),
  hide_login_form: v.exactOptional(flag),
  knowledgebaseenabled: v.exactOptional(flag),
  log_rotate_size: v.exactOptional(whole(0, 1_073_741_824, 'bytes')),
  loglevel: v.exactOptional(whole(0, 4, '0 debug to 4 fatal')),
  logtimezone: v.exactOptional(matching(/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/, 'must be a time zone such as Europe/Paris')),
  lost_password_link: v.exactOptional(text),
  mail_domain: v.exactOptional(text),
  mail_from_address: v.exactOptional(text),
  mail_smtphost: v.exactOptional(text),
  mail_smtpmode: v.exactOptional(v.picklist(['smtp', 'null'])),
  mail_smtpport: v.exactOptional(whole(1, 65_535, 'port')),
  mail_smtpsecure: v.exactOptional(v.picklist(['', 'ssl'])),
  maintenance_window_start: v.exactOptional(whole(0, 100, 'hour in UTC, or 100 for any time')),
  preview_concurrency_all: v.exactOptional(whole(1, 64, 'previews')),
  preview_concurrency_new: v.exactOptional(whole(1, 64, 'previews')),
  preview_max_filesize_image: v.exactOptional(megabytes),
  preview_max_memory: v.exactOptional(megabytes),
  preview_max_x: v.exactOptional(pixels),
  preview_max_y: v.exactOptional(pixels),
  ratelimit_protection_enabled: v.exactOptional(flag),
  remember_login_cookie_lifetime: v.exactOptional(seconds),
  session_lifetime: v.exactOptional(seconds),
  share_folder: v.exactOptional(text),
  skeletondirectory: v.exactOptional(v.literal('')),
  token_auth_enforced: v.exactOptional(flag),
  trashbin_retention_obligation: v.exactOptional(retention),
  versions_retention_obligation: v.exactOptional(retention),
});
