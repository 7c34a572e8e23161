#!/bin/bash
# First boot of a node: mounts the data, writes the configuration, starts the services, and leaves an end marker.
# The image brings Nextcloud's code, nginx, PHP-FPM with its extensions, amazon-efs-utils, the CloudWatch agent and the AWS CLI
# (instance/README.md).
set -euo pipefail

readonly node=/opt/nextcloud-node
readonly state=/var/lib/nextcloud-node
readonly mountPoint=/mnt/nextcloud
readonly marker=$state/boot-complete
readonly bundle=/etc/pki/rds/global-bundle.pem

fail() {
  echo "nextcloud-node: $*" >&2
  exit 1
}

# Retries what fails for a moment only: a network, an agent, a role that is still being set up.
retry() {
  local attempt
  for attempt in 1 2 3 4 5 6; do
    if "$@"; then return 0; fi
    echo "nextcloud-node: attempt $attempt of 6 failed: $*" >&2
    sleep $((attempt * 5))
  done
  return 1
}

metadata() {
  local token
  token=$(curl -sSf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
  curl -sSf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}

# Reads the kernel's table only: anything that touches the path hangs on a dead server.
isMounted() {
  awk -v point="$mountPoint" '$5 == point { for (i = 6; i < NF; i++) if ($i == "-") type = $(i + 1) } END { exit type != "nfs4" }' \
    /proc/self/mountinfo
}

mountData() {
  # mount.efs may say nothing and mount nothing: believe the table, not its exit code.
  mount "$mountPoint" && isMounted
}

fetchBundle() {
  curl -sSf --max-time 60 -o "$bundle.new" https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem &&
    mv "$bundle.new" "$bundle"
}

rm -f "$marker" /etc/php-fpm.d/www.conf
AWS_DEFAULT_REGION=$(retry metadata placement/region)
INSTANCE_ID=$(retry metadata instance-id)
export AWS_DEFAULT_REGION INSTANCE_ID

# The access point maps everyone to 33, and a client that is 33 too agrees with what it sees. Group 33 may have another name already.
getent group www-data >/dev/null || groupadd --non-unique --gid 33 www-data
getent passwd www-data >/dev/null || useradd --uid 33 --gid 33 --no-create-home --home-dir /var/www --shell /sbin/nologin www-data

@@FILES@@

install -d -m 0750 -o 33 -g 33 /etc/nextcloud /var/log/nextcloud /var/tmp/nextcloud /var/lib/php/nextcloud
install -d -m 0755 "$state" "$mountPoint" /etc/pki/rds
[[ -s $bundle ]] || retry fetchBundle || fail 'the certificate bundle of RDS could not be fetched'

retry "$node/configure-node" @@NODE_PARAMETER@@ || fail 'the configuration could not be written'

mountLine=$(<"$state/fstab")
grep -qxF "$mountLine" /etc/fstab || echo "$mountLine" >>/etc/fstab
systemctl daemon-reload
isMounted || retry mountData || fail "the file system is not mounted at $mountPoint"
install -d -m 0750 -o 33 -g 33 "$mountPoint/data"

retry amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c ssm:@@AGENT_PARAMETER@@ ||
  echo 'nextcloud-node: no metrics and no logs from this node: the CloudWatch agent did not start' >&2

systemctl enable php-fpm nginx nextcloud-cron.timer
systemctl restart php-fpm nginx
systemctl start nextcloud-cron.timer

printf '%s %s\n' "$(date --utc +%FT%TZ)" '@@DIGEST@@' >"$marker.new"
mv "$marker.new" "$marker"
