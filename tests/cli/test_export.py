#!/usr/bin/env python3
# test_export.py: what crm-tasks-cli export writes
#
# SPDX-License-Identifier: GPL-3.0-or-later

import csv
import io
import json
import os
import resource
import signal
import subprocess

from cli_bench import CLI, CliCase, main

NASTY = ['=1+1', '+1', '-1', '@sum', "'=quoted already", '\tbegins with a tab', 'a "word"', 'two\nlines', 'semi;colon, comma',
         ' spaces ', 'Ümläut 漢字 عربي', "'plain", '']


def unguard(cell):
    """What an import makes of a cell again."""
    behind = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and behind[:1] in tuple('=+-@\t\r') and behind else cell


class ExportTest(CliCase):
    def export(self, *args, **more):
        return self.run_cli('export', *args, **more).stdout.decode()

    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.export(*args), newline='')))

    def test_nothing_is_lost_and_nothing_runs(self):
        for i, text in enumerate(NASTY):
            self.add('Task %d' % i, '--description', text)
        rows = self.rows()
        self.assertEqual([unguard(row['description']) for row in rows], NASTY)
        for row in rows:
            for cell in row.values():
                self.assertNotIn(cell[:1] or ' ', '=+-@\t\r')

    def test_every_field(self):
        local_id = self.read('add', '--name', 'All of it', '--due', '2026-12-01 17:00Z', '--venue', '11', '--lead', '2665',
                             '--priority', 'high', '--assignee', '3', '--status', '1', '--description', 'Words')['localId']
        self.run_cli('sync', '--timeout', '30')
        task = self.task(local_id)
        self.assertEqual(self.rows(), [{
            'id': str(task['id']), 'name': 'All of it', 'endDatetime': '2026-12-01T17:00:00+00:00', 'venueId': '11',
            'leadId': '2665', 'contactId': '', 'companyId': '', 'priority': 'high', 'assignedUserId': '3',
            'status': 'in-progress', 'description': 'Words'}])

    def test_due_says_its_zone(self):
        self.add('Elsewhere')
        self.env['TZ'] = 'Europe/Berlin'
        self.assertEqual(self.rows()[0]['endDatetime'], '2026-12-01T18:00:00+01:00')

    def test_json_is_what_list_says(self):
        for i in range(130):
            self.add('Task %d' % i)
        self.assertEqual(json.loads(self.export('--format', 'json')), self.read('list'))

    def test_failures(self):
        good = self.add('Good')
        bad = self.add('Bad', '--lead', '99999')
        self.run_cli('sync', '--timeout', '30', status=1)
        self.assertEqual(self.task(good)['syncState'], 'synced')
        row, = self.rows('--format', 'failures')
        self.assertEqual([row['localId'], row['name'], row['code'], row['attempts']], [str(bad), 'Bad', '24395', '1'])
        self.assertIn('leadId', row['messages'])
        self.assertRegex(row['lastTry'], r'^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$')

    def test_one_state(self):
        self.add('Waits')
        self.add('Drafted', '--draft')
        self.assertEqual([row['name'] for row in self.rows('--state', 'draft')], ['Drafted'])

    def test_file(self):
        path = os.path.join(self.folder, 'tasks.json')
        with open(path, 'w') as file:
            file.write('what was there before')
        self.add('One')
        self.export(path)
        with open(path) as file:
            self.assertEqual([task['name'] for task in json.load(file)], ['One'])
        self.assertEqual(os.listdir(self.folder).count('tasks.json'), 1)

    def test_cut_short(self):
        """A disk that is full amid the writing leaves what was there, and nothing that was not."""
        for i in range(20):
            self.add('Task %d' % i, '--description', 'y' * 5000)
        old, new = (os.path.join(self.folder, name) for name in ('old.csv', 'new.csv'))
        with open(old, 'w') as file:
            file.write('what was there before')

        def fill():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

        for path in (old, new):
            done = subprocess.run([CLI, 'export', path], env=self.env, capture_output=True, timeout=120, preexec_fn=fill)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(path.encode(), done.stderr)
        with open(old) as file:
            self.assertEqual(file.read(), 'what was there before')
        self.assertFalse(os.path.exists(new))

    def test_refused(self):
        self.assertIn('--format', self.run_cli('export', '--format', 'xls', status=2).stderr.decode())
        self.assertIn('/nonexistent', self.run_cli('export', '/nonexistent/tasks.csv', status=2).stderr.decode())
        self.assertIn('b.csv', self.run_cli('export', 'a.csv', 'b.csv', status=2).stderr.decode())
        self.add('One')
        self.assertIn('/dev/full', self.run_cli('export', '/dev/full', status=2).stderr.decode())


if __name__ == '__main__':
    main(ExportTest)
