#!/usr/bin/env python3
# bench_import.py: `crm-tasks-cli import` of a few rows and of very many
#
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports files of different length with crm-tasks-cli, each into a database of its own, and prints `key value` lines.

"dry" is `--dry-run`, which reads and judges every row and writes none of them; "run" does that, and writes all of them in one
transaction; "again" is the dry run of what is here already. "_mb" is the most memory that the process had, in MiB, "_s" the time
it took, "_us" the same for each row. "peer" is the sqlite3 shell's .import of the file, and one INSERT of all its rows, durable, into a
copy of the program's own table with its indexes, without its triggers: no search, no counts, nothing judged; "same" is that with them.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

HEADER = 'Name,Due,Description,Priority,Venue\r\n'
ROW = 'Call customer %d about the offer,2026-%02d-%02d %02d:%02d,"Notes, ""quoted"", of row %d\nand a second line",%s,%d\r\n'


def write(path, n):
    with open(path, 'w', newline='', encoding='utf-8') as file:
        file.write(HEADER)
        for i in range(n):
            file.write(ROW % (i, i % 12 + 1, i % 28 + 1, i % 24, i % 60, i, ('low', 'medium', 'high')[i % 3], i % 50 + 1))


INSERT = ("INSERT INTO task (name, end_datetime, description, priority, venue_id, revision, state)"
          " SELECT c1, c2 || ':00', c3, c4, c5, 1, 'queued' FROM staging")


def find_database(folder):
    for at, _, names in os.walk(folder):
        if 'tasks.db' in names:
            return os.path.join(at, 'tasks.db')
    raise SystemExit('The program has made no database')


def measure_shell(shell, database, path, with_triggers):
    """Gives how long the sqlite3 shell took, in seconds."""
    made = sqlite3.connect(database)
    for name, in made.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'task'").fetchall():
        if not with_triggers:
            made.execute('DROP TRIGGER ' + name)
    made.execute('CREATE TABLE staging (c1, c2, c3, c4, c5)')
    made.commit()
    made.close()
    began = time.perf_counter()
    subprocess.run([shell, database, 'PRAGMA synchronous=FULL', 'PRAGMA secure_delete=ON', 'BEGIN', '.import --csv --skip 1 "%s" staging' % path,
                    INSERT, 'COMMIT'], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def environment(folder):
    return {'PATH': os.environ['PATH'], 'HOME': folder, 'XDG_DATA_HOME': folder, 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC',
            'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}


def peak(pid):
    """What the kernel says of a process that is not waited for yet; what wait4() says begins with that of its parent."""
    try:
        with open('/proc/%d/status' % pid, encoding='ascii', errors='replace') as file:
            for line in file:
                if line.startswith('VmHWM:'):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def measure(cli, args, folder):
    """Gives how long the process took, in seconds, and its most memory, in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen([cli, 'import', *args], env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, peak(process.pid))
        time.sleep(0.002 if time.perf_counter() - began < 1 else 0.02)
    if process.returncode != 0:
        raise SystemExit('import ended with %d' % process.returncode)
    return time.perf_counter() - began, most


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cli', default=os.environ.get('CRM_TASKS_CLI', os.path.join(here, '../../build/src/cli/crm-tasks-cli')))
    parser.add_argument('--rows', type=int, nargs=2, default=[1000, 1000000], metavar='N', help='the few and the many')
    parser.add_argument('--folder', help='where files and databases are made; unless said, beside the program')
    args = parser.parse_args()

    cli = os.path.abspath(args.cli)
    shell = shutil.which('sqlite3')
    folder = tempfile.mkdtemp(prefix='bench-import-', dir=args.folder or os.path.dirname(cli))
    try:
        memory = {}
        for which, n in zip(('few', 'many'), args.rows):
            path = os.path.join(folder, which + '.csv')
            home = os.path.join(folder, which)
            os.mkdir(home)
            write(path, n)
            subprocess.run([cli, 'status'], env=environment(home), stdout=subprocess.DEVNULL, check=True)
            for what in ('peer', 'same') if shell is not None else ():
                shutil.copy(find_database(home), os.path.join(folder, what + '.db'))
                seconds = measure_shell(shell, os.path.join(folder, what + '.db'), path, what == 'same')
                os.unlink(os.path.join(folder, what + '.db'))
                print('%s_%s_s %.3f' % (which, what, seconds), flush=True)
            print('%s_rows %d' % (which, n))
            for what, options in (('dry', ['--dry-run', '--json']), ('run', ['--json']), ('again', ['--dry-run', '--json'])):
                seconds, memory[which, what] = measure(cli, [path, *options], home)
                print('%s_%s_s %.3f' % (which, what, seconds))
                print('%s_%s_us %.1f' % (which, what, seconds / n * 1e6))
                print('%s_%s_mb %.2f' % (which, what, memory[which, what]), flush=True)
        for what in ('dry', 'run', 'again'):
            print('%s_more_mb %.2f' % (what, memory['many', what] - memory['few', what]))
    finally:
        shutil.rmtree(folder)


if __name__ == '__main__':
    main()
