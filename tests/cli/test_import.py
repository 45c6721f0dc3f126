#!/usr/bin/env python3
# test_import.py: what crm-tasks-cli import brings in, refuses, and leaves as it is
#
# SPDX-License-Identifier: GPL-3.0-or-later

import csv
import io
import json
import os
import signal
import subprocess
import time

from cli_bench import CLI, CliCase, main

HEADERS = ['Subject', 'Due date', 'Notes', 'Priority', 'Status', 'Venue', 'Colour']
NOTES = ['', 'Crème brûlée; naïve, “quoted”', 'two\r\nlines\nor three', 'say "yes"', '=1+1', ' spaces ', '5 €; 10 ‰']
BROKEN = {17: ('Lost', '2026-02-30 10:00', '', '', '', '', ''), 2500: ('', '2026-12-01 10:00', '', 'urgent', '', '', ''),
          4999: ('Nobody', '2026-12-01 10:00', '', '', '', 'Grand Hôtel', '')}


def sheet(n):
    """The rows of a spreadsheet; those of BROKEN are, by the number that it shows."""
    rows = []
    for i in range(2, n + 2):
        rows.append(BROKEN.get(i) or ('Tâche n° %d' % i, '2026-%02d-%02d %02d:%02d' % (i % 12 + 1, i % 28 + 1, i % 24, i % 60),
                                      NOTES[i % len(NOTES)], ['low', 'Medium', 'HIGH', ''][i % 4], ['', 'In progress', '4'][i % 3],
                                      str(i % 50) if i % 50 else '', 'green'))
    return rows


def write(rows, encoding='utf-8', delimiter=',', end='\r\n', headers=HEADERS):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


class ImportTest(CliCase):
    def file(self, content, name='tasks.csv'):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def bring(self, path, *args, status=0):
        return json.loads(self.run_cli('import', path, '--json', *args, status=status).stdout)

    def counts(self, answer):
        return [answer[key] for key in ('new', 'changed', 'unchanged', 'refused')]

    def elsewhere(self, name):
        self.env['XDG_DATA_HOME'] = os.path.join(self.folder, name)

    def tasks(self):
        return [{key: task[key] for key in ('id', 'name', 'endDatetime', 'venueId', 'priority', 'status', 'description')}
                for task in self.read('list', '--sort', 'name')]

    def check_refused(self, answer, done):
        self.assertEqual([row['row'] for row in answer['rows']], [17, 2500, 4999])
        self.assertEqual([row['reasons'] for row in answer['rows']], [
            ['Due date: there is no such date or time'],
            ['Priority: “urgent” is none of low, medium, high', 'Subject: A task needs a name'],
            ['Venue: “Grand Hôtel” is not a whole number']])
        for number in (17, 2500, 4999):
            self.assertIn('Row %d: ' % number, done.stderr.decode())

    def test_spreadsheet(self):
        """5,000 rows, three of them broken, in each form a spreadsheet saves; out, and in again."""
        rows = sheet(5000)
        first = None
        forms = [('utf-8-sig', ';', '\r\n'), ('utf-8', ',', '\n'), ('utf-16', '\t', '\r\n'), ('cp1252', ';', '\r\n')]
        for number, (encoding, delimiter, end) in enumerate(forms):
            self.elsewhere('form%d' % number)
            path = self.file(write(rows, encoding, delimiter, end))
            done = self.run_cli('import', path, '--json', status=2)
            answer = json.loads(done.stdout)
            self.assertEqual(self.counts(answer), [4997, 0, 0, 3], encoding)
            self.check_refused(answer, done)
            self.assertIn('The column “Colour” is ignored', done.stderr.decode())
            tasks = self.tasks()
            self.assertEqual(len(tasks), 4997)
            if first is None:
                first = tasks
                wanted = {row[0]: row[2] or None for row in rows if row not in BROKEN.values()}
                self.assertEqual({task['name']: task['description'] for task in tasks}, wanted)
            self.assertEqual(tasks, first)
            self.assertEqual(self.counts(self.bring(path, status=2)), [0, 0, 4997, 3])

        exported = os.path.join(self.folder, 'exported.csv')
        self.run_cli('export', exported)
        self.assertEqual(self.counts(self.bring(exported)), [0, 0, 4997, 0])
        self.elsewhere('empty')
        self.assertEqual(self.counts(self.bring(exported)), [4997, 0, 0, 0])
        self.assertEqual(self.tasks(), first)
        again = os.path.join(self.folder, 'again.csv')
        self.run_cli('export', again)
        with open(exported, 'rb') as one, open(again, 'rb') as other:
            self.assertEqual(one.read(), other.read())

    def test_sent_tasks_come_back_unchanged(self):
        self.bring(self.file('name,due,notes\nOne,2026-12-01 17:00,x\nTwo,2026-12-02 17:00,\n'))
        self.run_cli('sync', '--timeout', '30')
        exported = os.path.join(self.folder, 'exported.csv')
        self.run_cli('export', exported)
        self.assertEqual(self.counts(self.bring(exported)), [0, 0, 2, 0])
        with open(exported, newline='') as file:
            rows = list(csv.reader(file))
        rows[1][rows[0].index('description')] = 'y'
        answer = self.bring(self.file(write(rows[1:], headers=rows[0])))
        self.assertEqual(self.counts(answer), [0, 1, 1, 0])
        self.assertEqual((answer['rows'][0]['verdict'], answer['rows'][0]['reasons']), ('changed', ['Changes Description']))
        self.run_cli('sync', '--timeout', '30')
        self.assertEqual([task['description'] for task in self.crm.tasks() if task['name'] == 'One'], ['<p>y</p>'])
        self.assertEqual(len(self.crm.tasks()), 2)

    def test_already_here(self):
        path = self.file(write([('Task %d' % i, '2026-12-01 10:00') for i in range(30)], headers=['name', 'due']))
        self.run_cli('import', path)
        lines = self.run_cli('import', path).stderr.decode().splitlines()
        self.assertEqual(lines[1], 'Row 2: Already here: Task 0')
        self.assertEqual(lines[20:], ['Row 21: Already here: Task 19', '10 more rows are already here; --dry-run lists them',
                                      '0 new, 0 changed, 30 already here, 0 refused'])

    def test_dry_run(self):
        path = self.file('name,due\nOne,2026-12-01 17:00\nTwo,tomorrow\n')
        done = self.run_cli('import', path, '--dry-run', status=2)
        self.assertEqual(done.stdout.decode().splitlines()[0], 'Row 2: New: One')
        self.assertEqual(len(done.stdout.decode().splitlines()), 2)
        self.assertIn('Row 3: Refused: Two — due: “tomorrow” means another time on another day', done.stdout.decode())
        self.assertIn('Read as UTF-8, with , between cells; times that name no zone are of UTC', done.stderr.decode())
        answer = self.bring(path, '--dry-run', '--all', status=2)
        self.assertFalse(answer['written'])
        self.assertEqual([(row['row'], row['verdict']) for row in answer['rows']], [(2, 'new'), (3, 'refused')])
        self.assertEqual(self.read('list'), [])

    def test_refused_file(self):
        path = self.file('name,due,notes\nGood,2026-12-01 17:00,\nBad,never,"=1;\nx"\n')
        refused = os.path.join(self.folder, 'refused.csv')
        self.run_cli('import', path, '--refused', refused, status=2)
        with open(refused, newline='') as file:
            rows = list(csv.reader(file))
        self.assertEqual(rows[0], ['name', 'due', 'notes', 'Why it was refused'])
        self.assertEqual(rows[1][:3], ['Bad', 'never', "'=1;\nx"])
        self.assertTrue(rows[1][3].startswith('due: '))

        # Mended there, it comes in as it is.
        rows[1][1] = '2026-12-02 17:00'
        self.assertEqual(self.counts(self.bring(self.file(write(rows[1:], headers=rows[0])))), [1, 0, 0, 0])
        self.assertEqual(self.tasks()[0]['description'], '=1;\nx')

    def test_mapped_and_remembered(self):
        path = self.file('Wer,Was,Wann\nx,One,2026-12-01 17:00\n')
        complaint = self.run_cli('import', path, status=2).stderr.decode()
        self.assertIn('Wer, Was, Wann', complaint)
        self.assertIn('--map', complaint)
        self.bring(path, '--dry-run', '--map', 'was=name', '--map', 'Wann=due')
        answer = self.bring(self.file('WER,Was ,Wann\ny,Two,2026-12-01 17:00\n'))
        self.assertEqual(self.counts(answer), [1, 0, 0, 0])
        self.assertEqual([column['key'] for column in answer['columns']], [None, 'name', 'endDatetime'])
        memory = os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks', 'imports.ini')
        self.assertEqual(os.stat(memory).st_mode & 0o777, 0o600)
        for wrong in ('Wo=name', 'Was=nonsense', 'Was'):
            self.run_cli('import', path, '--map', wrong, status=2)

    def test_options(self):
        path = self.file('name%due\nÜ%2026-12-01 17:00\n'.encode('cp850'))
        answer = self.bring(path, '--delimiter', '%', '--encoding', 'CP850', '--zone', 'Asia/Tokyo', '--draft')
        self.assertEqual(self.counts(answer), [1, 0, 0, 0])
        task, = self.read('list')
        self.assertEqual((task['name'], task['endDatetime'], task['syncState']), ('Ü', '2026-12-01 08:00:00', 'draft'))
        self.assertEqual(self.counts(self.bring(path, '--delimiter', '%', '--encoding', 'CP850', '--zone', 'Asia/Tokyo',
                                                '--allow-duplicates')), [1, 0, 0, 0])
        self.assertEqual(len(self.read('list')), 2)

    def test_code_page_of_the_language(self):
        for language, encoding, name in (('ja', 'cp932', '会場の確認'), ('ar', 'cp1256', 'اتصل بالقاعة'), ('de', 'cp1252', 'Größe prüfen')):
            path = self.file(write([(name, '2026-12-01 17:00')], encoding, headers=('Subject', 'Due')), language + '.csv')
            self.env['LANGUAGE'] = language
            self.elsewhere(language)
            self.bring(path)
            self.assertEqual([task['name'] for task in self.tasks()], [name])

    def test_what_can_not_be_read(self):
        good = self.file('name,due\nOne,2026-12-01 17:00\n')
        for args in ([], ['/nonexistent.csv'], [self.folder], [good, 'other.csv'], [good, '--delimiter', 'xx'],
                     [good, '--encoding', 'KLINGON'], [good, '--zone', 'Nowhere'], [good, '--refused', '/nonexistent/x.csv'],
                     [self.file('', 'empty.csv')], [self.file('name,due\n"One,2026\n', 'open.csv')],
                     [self.file(b'name,due\nOne\0,2026\n', 'nul.csv')], [self.file(b'\xff\xfea\0b', 'half.csv')],
                     [self.file(b'name\x81,due\nx\n', 'undefined.csv')]):
            done = self.run_cli('import', *args, status=2)
            self.assertGreater(len(done.stderr), 10, args)
            self.assertNotIn(b'CRITICAL', done.stderr, args)
        self.assertEqual(self.read('list'), [])

    def test_killed_at_any_moment(self):
        """All of it is there, or nothing; and no file besides."""
        path = self.file(write(sheet(5000)))
        self.run_cli('status')
        began = time.monotonic()
        self.run_cli('import', path, status=2)
        whole = time.monotonic() - began
        seen = set()
        for i in range(12):
            self.elsewhere('killed%d' % i)
            self.run_cli('status')
            process = subprocess.Popen([CLI, 'import', path], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(whole * (i + 1) / 11)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            n = len(self.read('list'))
            self.assertIn(n, (0, 4997))
            seen.add(n)
            for _, _, names in os.walk(self.env['XDG_DATA_HOME']):
                self.assertEqual([name for name in names if name.startswith('import-')], [])
            self.assertEqual(sum(json.loads(self.run_cli('status', '--json').stdout)['counts'].values()), n)
        self.assertIn(0, seen)


if __name__ == '__main__':
    main(ImportTest)
