import * as v from 'valibot';
import { described, matching, whole } from './field.ts';

/** A setting: left out, it keeps the value that Nextcloud gives it. */
function setting<const S extends v.GenericSchema>(schema: S, text: string) {
  return v.exactOptional(described(schema, text, 'rolling', "Nextcloud's own"));
}

const flag = v.boolean();
const text = matching(/^[ -~\u00a0-\uffff]{0,1000}$/, 'must be at most 1000 characters on one line');
const retention = matching(
  /^(auto|disabled|\d+(, ?(auto|\d+))?|auto, ?\d+)$/,
  'must be such as "auto", "30, auto" or "disabled"',
);
const timeZone = matching(/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/, 'must be a time zone such as Europe/Paris');
const megabytes = whole(1, 4096, 'MB');
const pixels = whole(64, 8192, 'pixels');
const seconds = whole(60, 31_536_000, 'seconds');

/**
 * The system settings of Nextcloud that a document may set. Left out on purpose: what the site sets itself (database, cache,
 * trusted domains and proxies, data directory, app store, updater), what holds a secret, and what runs or loads something.
 * https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/config_sample_php_parameters.html
 */
export const nextcloudConfig = v.strictObject({
  activity_expire_days: setting(whole(1, 3650, 'days'), 'Days that the activity list is kept.'),
  allow_user_to_change_display_name: setting(flag, 'Whether users may change the name that others see.'),
  auth_bruteforce_protection_enabled: setting(flag, 'Whether logins slow down after wrong passwords.'),
  auto_logout: setting(flag, 'Whether a session ends when it is not used for session_lifetime.'),
  default_language: setting(
    matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a language such as fr or de_AT'),
    'The language of users who have chosen none.',
  ),
  default_locale: setting(
    matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a locale such as fr_FR'),
    'The locale of users who have chosen none.',
  ),
  default_phone_region: setting(
    matching(/^[A-Z]{2}$/, 'must be a country code such as FR'),
    'The country of telephone numbers without a country code.',
  ),
  default_timezone: setting(timeZone, 'The time zone of users whose browser tells none.'),
  defaultapp: setting(
    matching(/^[a-z][a-z0-9_,]{0,200}$/, 'must be app ids, separated by commas'),
    'The app that opens after login; the first that the user may use.',
  ),
  enable_previews: setting(flag, 'Whether previews are made.'),
  force_language: setting(
    matching(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'must be a language such as fr or de_AT'),
    'The language of all users.',
  ),
  hide_login_form: setting(flag, 'Whether the login form is hidden, for sites with single sign-on.'),
  knowledgebaseenabled: setting(flag, 'Whether the menu shows the help page.'),
  log_rotate_size: setting(
    whole(0, 1_073_741_824, 'bytes'),
    'Bytes after which the log of Nextcloud on a node is rotated; 0: never.',
  ),
  loglevel: setting(
    whole(0, 4, '0 debug to 4 fatal'),
    'What is logged: 0 debug, 1 info, 2 warnings, 3 errors, 4 fatal only.',
  ),
  logtimezone: setting(timeZone, 'The time zone of the log.'),
  lost_password_link: setting(text, 'Where the link for a lost password leads; disabled: no link.'),
  mail_domain: setting(text, 'The domain of the address that mail is sent from.'),
  mail_from_address: setting(text, 'The part before the @ of the address that mail is sent from.'),
  mail_smtphost: setting(text, 'The mail server; one that asks for no password, for a document holds no secret.'),
  mail_smtpmode: setting(v.picklist(['smtp', 'null']), 'How mail is sent: smtp, or null for not at all.'),
  mail_smtpport: setting(whole(1, 65_535, 'port'), 'The port of the mail server.'),
  mail_smtpsecure: setting(
    v.picklist(['', 'ssl']),
    'How mail is encrypted: ssl for a mail server that speaks TLS from the start; empty: STARTTLS when it is offered.',
  ),
  maintenance_window_start: setting(
    whole(0, 100, 'hour in UTC, or 100 for any time'),
    "The hour, UTC, from which Nextcloud's own heavy background jobs may run, for four hours; 100: at any time.",
  ),
  preview_concurrency_all: setting(whole(1, 64, 'previews'), 'Preview requests that a node works on at once.'),
  preview_concurrency_new: setting(whole(1, 64, 'previews'), 'Previews that a node makes at once.'),
  preview_max_filesize_image: setting(megabytes, 'Size in MB of the largest image that a preview is made of.'),
  preview_max_memory: setting(megabytes, 'Memory in MB that making one preview may take.'),
  preview_max_x: setting(pixels, 'Width in pixels of the largest preview.'),
  preview_max_y: setting(pixels, 'Height in pixels of the largest preview.'),
  ratelimit_protection_enabled: setting(flag, 'Whether requests are limited in rate.'),
  remember_login_cookie_lifetime: setting(seconds, 'Seconds that a login is remembered.'),
  session_lifetime: setting(seconds, 'Seconds that a session lasts without use.'),
  share_folder: setting(text, 'The folder in which shares of others appear.'),
  skeletondirectory: setting(v.literal(''), 'Empty: new users start without example files.'),
  token_auth_enforced: setting(flag, 'Whether clients must use tokens instead of passwords.'),
  trashbin_retention_obligation: setting(retention, 'Days that deleted files are kept: at least, at most.'),
  versions_retention_obligation: setting(retention, 'Days that old versions of files are kept: at least, at most.'),
});
