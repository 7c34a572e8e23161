<?php
// Runs Nextcloud's background jobs on one node of the site at a time, in as many processes as the document says. The lock is the database's: it
// ends with the connection, so a node that dies leaves none behind.
declare(strict_types=1);

if (!file_exists('/var/lib/nextcloud-node/installed')) {
    exit(0);
}
exec('php /var/www/nextcloud/occ status --exit-code', $output, $unavailable);
if ($unavailable !== 0) {
    echo "in maintenance, or an upgrade is due: no background jobs now\n";
    exit(0);
}
require '/etc/nextcloud/site.config.php';
[$host, $port] = explode(':', $CONFIG['dbhost']);
$database = new PDO(
    "mysql:host=$host;port=$port;dbname={$CONFIG['dbname']}",
    $CONFIG['dbuser'],
    $CONFIG['dbpassword'],
    $CONFIG['dbdriveroptions'] + [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION],
);
$lock = $database->prepare('SELECT GET_LOCK(?, 0)');
$lock->execute(["{$CONFIG['dbname']}.cron"]);
if ((int) $lock->fetchColumn() !== 1) {
    exit(0);
}
$node = json_decode((string) file_get_contents('/var/lib/nextcloud-node/node.json'), true);
$jobs = [];
for ($process = 0; $process < $node['cronProcesses']; $process++) {
    $jobs[] = proc_open(['php', '-f', '/var/www/nextcloud/cron.php'], [STDIN, STDOUT, STDERR], $pipes);
}
exit(max(array_map('proc_close', $jobs)));
