#!/usr/bin/env python3
# test_calendar.py: what crm-tasks-cli export writes for a calendar, read by another program
#
# SPDX-License-Identifier: GPL-3.0-or-later

import datetime
import os

import icalendar

from cli_bench import CliCase, main

UTC = datetime.timezone.utc
NASTY = ['two\nlines', 'semi;colon, comma \\ backslash', 'a "word": x=y', 'C:\\Users', ' spaces ', 'Ümläut 漢字 عربي ' * 20,
         'a tab\there', 'END:VTODO\nBEGIN:VTODO', 'x' * 400, '𝄞' * 60]


class CalendarTest(CliCase):
    def export(self, *args):
        return self.run_cli('export', '--format', 'ical', *args).stdout

    def todos(self, *args):
        calendar = icalendar.Calendar.from_ical(self.export(*args))
        self.assertEqual(calendar['version'], '2.0')
        self.assertIn('CRM Tasks', calendar['prodid'])
        return calendar.walk('VTODO')

    def test_every_property(self):
        self.add('All of it', '--priority', 'high', '--status', '1', '--description', 'Words')
        todo, = self.todos()
        self.assertEqual(todo['summary'], 'All of it')
        self.assertEqual(todo['due'].dt, datetime.datetime(2026, 12, 1, 17, tzinfo=UTC))
        self.assertEqual((todo['priority'], todo['status'], todo['description']), (1, 'IN-PROCESS', 'Words'))
        self.assertLess(abs(datetime.datetime.now(UTC) - todo['dtstamp'].dt), datetime.timedelta(hours=1))
        self.assertNotIn('url', todo)

    def test_choices(self):
        for priority in ('low', 'medium', 'high'):
            self.add(priority, '--priority', priority)
        for status in range(5):
            self.add(str(status), '--status', str(status))
        todos = {str(todo['summary']): todo for todo in self.todos()}
        self.assertEqual([todos[name]['priority'] for name in ('low', 'medium', 'high')], [9, 5, 1])
        self.assertEqual([todos[str(i)]['status'] for i in range(5)],
                         ['NEEDS-ACTION', 'IN-PROCESS', 'NEEDS-ACTION', 'CANCELLED', 'COMPLETED'])
        self.assertNotIn('priority', todos['0'])
        self.assertNotIn('status', todos['low'])

    def test_text(self):
        for text in NASTY:
            self.add(text.replace('\n', ' '), '--description', text)
        lines = self.export().split(b'\r\n')
        self.assertEqual(lines.pop(), b'')
        for line in lines:
            self.assertNotIn(b'\n', line)
            self.assertNotIn(b'\r', line)
            self.assertLessEqual(len(line), 75)
            line.decode()
        self.assertEqual([str(todo['description']) for todo in self.todos()], NASTY)

    def test_backslash_before_a_letter(self):
        self.add('Path', '--description', '\\n is no break')
        # That reader takes it for one all the same; RFC 5545, 3.3.11 does not.
        self.assertIn(b'DESCRIPTION:\\\\n is no break\r\n', self.export())

    def test_control_characters(self):
        self.add('Bell', '--description', 'a\x07b\r\nc\rd')
        todo, = self.todos()
        self.assertEqual(todo['description'], 'ab\nc\nd')

    def test_uid(self):
        self.add('Sent')
        self.add('Draft', '--draft')
        before = [str(todo['uid']) for todo in self.todos()]
        self.assertEqual(before, [str(todo['uid']) for todo in self.todos()])
        self.run_cli('sync', '--timeout', '30')
        after = [str(todo['uid']) for todo in self.todos()]
        self.assertTrue(after[0].startswith('crm-%d@' % self.task(1)['id']))
        self.assertEqual(after[1], before[1])
        self.run_cli('edit', '1', '--priority', 'low')
        todos = self.todos()
        self.assertEqual([str(todo['uid']) for todo in todos], after)
        self.assertGreater(todos[0]['sequence'], todos[1]['sequence'])

    def test_many(self):
        names = ['Task %d' % i for i in range(130)]
        for name in names:
            self.add(name)
        self.assertEqual([todo['summary'] for todo in self.todos()], names)

    def test_by_the_name_of_the_file(self):
        path = os.path.join(self.folder, 'tasks.ics')
        self.run_cli('export', path)
        with open(path, 'rb') as file:
            self.assertEqual(icalendar.Calendar.from_ical(file.read()).walk('VTODO'), [])
        self.add('One')
        self.run_cli('export', path)
        with open(path, 'rb') as file:
            self.assertEqual(len(icalendar.Calendar.from_ical(file.read()).walk('VTODO')), 1)


if __name__ == '__main__':
    main(CalendarTest)
