#!/usr/bin/env python3
# bench_cli.py: `crm-tasks-cli add` beside the sqlite3 shell, process by process
#
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds tasks with crm-tasks-cli and rows with the sqlite3 shell, in turns, and prints `key value` lines.

Both write to databases in WAL mode that are there already, on the same disk, and commit with synchronous=FULL. What is
timed is the whole process, from its start until it has ended, of both alike: to be durable is a part of that. The shell
inserts once into a bare table of the task's columns ("plain"), and once into a copy of the program's own database, where
indexes, counts and search are kept as well ("same"). "cli_printed" is the moment the local id could be read, which comes after
the commit and before the program tidies up; the shell says nothing of that kind. "_cpu" is the processor time of the whole
process, which a busy machine or disk changes less.
"""

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time

VALUES = "'Call the florist about the gala', '2026-12-01 17:00:00', 'high', 2665"
COLUMNS = 'name, end_datetime, priority, lead_id'
PLAIN = ('CREATE TABLE task (local_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, end_datetime TEXT, priority TEXT,'
         ' lead_id INTEGER, revision INTEGER, state TEXT, dirty INTEGER)')
INSERT = 'PRAGMA synchronous=FULL; INSERT INTO task (%s, revision, state, dirty) VALUES (%s, 1, \'queued\', 19)' % (COLUMNS, VALUES)


def spawn(argv, env):
    """Gives how long the process took, how much of a processor, and when the first of what it printed could be read; in
    milliseconds; and that."""
    read, write = os.pipe()
    null = os.open(os.devnull, os.O_RDONLY)
    began = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    first = os.read(read, 64)
    printed = time.perf_counter()
    _, status, usage = os.wait4(pid, 0)
    ended = time.perf_counter()
    os.close(read)
    os.close(null)
    if status != 0:
        raise SystemExit('%s ended with %d' % (argv[0], os.waitstatus_to_exitcode(status)))
    return (ended - began) * 1000, (usage.ru_utime + usage.ru_stime) * 1000, (printed - began) * 1000, first


def find_database(folder):
    for at, _, names in os.walk(folder):
        if 'tasks.db' in names:
            return os.path.join(at, 'tasks.db')
    raise SystemExit('The program has made no database')


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cli', default=os.environ.get('CRM_TASKS_CLI', os.path.join(here, '../../build/src/cli/crm-tasks-cli')))
    parser.add_argument('--pairs', type=int, default=100)
    parser.add_argument('--folder', help='where the databases are made; unless said, beside the program')
    args = parser.parse_args()

    cli = os.path.abspath(args.cli)
    shell = shutil.which('sqlite3')
    nothing = shutil.which('true')
    if shell is None:
        raise SystemExit('The sqlite3 shell is not installed')

    beside = os.path.dirname(cli)
    folder = tempfile.mkdtemp(prefix='bench-cli-', dir=args.folder or (beside if os.access(beside, os.W_OK) else None))
    try:
        env = {'PATH': os.environ['PATH'], 'HOME': folder, 'XDG_DATA_HOME': folder, 'LC_ALL': 'C.UTF-8',
               'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}
        add = [cli, 'add', '--name', 'Call the florist about the gala', '--due', '2026-12-01 17:00', '--priority', 'high',
               '--lead', '2665']
        subprocess.run(add, env=env, stdout=subprocess.DEVNULL, check=True)

        same = os.path.join(folder, 'same.db')
        plain = os.path.join(folder, 'plain.db')
        shutil.copy(find_database(folder), same)
        made = sqlite3.connect(plain)
        made.execute('PRAGMA journal_mode=WAL')
        made.execute(PLAIN)
        made.commit()
        made.close()

        times = {what: [] for what in ('spawn', 'cli', 'cli_printed', 'plain', 'same', 'spawn_cpu', 'cli_cpu', 'plain_cpu', 'same_cpu')}
        for i in range(args.pairs + 3):
            order = ['cli', 'plain', 'same', 'spawn']
            took = {}
            for what in order[i % 4:] + order[:i % 4]:
                argv = {'cli': add, 'plain': [shell, plain, INSERT], 'same': [shell, same, INSERT], 'spawn': [nothing]}[what]
                took[what], took[what + '_cpu'], printed, first = spawn(argv, env)
                if what == 'cli':
                    took['cli_printed'] = printed
                    if not first.strip().isdigit():
                        raise SystemExit('It printed %r' % first)
            # The first ones warm the caches.
            for what in took if i >= 3 else ():
                times[what].append(took[what])
    finally:
        shutil.rmtree(folder)

    print('pairs', args.pairs)
    for what in times:
        quarter = statistics.quantiles(times[what], n=4)
        print('%s_ms %.3f' % (what, statistics.median(times[what])))
        print('%s_quartiles_ms %.3f %.3f' % (what, quarter[0], quarter[2]))
    for peer in ('plain', 'same'):
        for kind in ('', '_cpu'):
            ours, theirs = times['cli' + kind], times[peer + kind]
            print('ratio_of_medians_to_%s%s %.3f' % (peer, kind, statistics.median(ours) / statistics.median(theirs)))
            print('median_ratio_of_pairs_to_%s%s %.3f' % (peer, kind, statistics.median(a / b for a, b in zip(ours, theirs))))


if __name__ == '__main__':
    main()
