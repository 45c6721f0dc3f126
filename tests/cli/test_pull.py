#!/usr/bin/env python3
# test_pull.py: what the CRM has comes here, and is merged with what was changed here
#
# SPDX-License-Identifier: GPL-3.0-or-later

import json

from cli_bench import DUE, CliCase, main


class PullTest(CliCase):
    def colleague(self, **changes):
        self.crm.ask('/practice/settings', 'colleague-edit=' + json.dumps(changes))

    def there(self, crm_id):
        return next(task for task in self.crm.tasks() if task['id'] == crm_id)

    def pull(self, *args, status=0):
        return json.loads(self.run_cli('pull', '--json', *args, status=status).stdout or 'null')

    def rows(self, *args):
        return json.loads(self.run_cli('list', '--json', *args).stdout)

    def test_pulled(self):
        self.colleague(name='Theirs', endDatetime='2027-01-05 09:00:00', assignedUserId=2)
        self.colleague(name='Another', endDatetime='2027-01-06 09:00:00', assignedUserId=3)
        self.assertGreater(self.pull()['changed'], 600)
        rows = self.rows('--sort', 'due')
        self.assertEqual([(row['name'], row['syncState'], row['attempts']) for row in rows],
                         [('Theirs', 'synced', 0), ('Another', 'synced', 0)])
        self.assertEqual([row['name'] for row in self.rows('--assignee', '3')], ['Another'])
        self.assertEqual(self.pull(), {'changed': 0, 'refused': []})

        # Edited here, only the changed field goes.
        self.run_cli('edit', str(rows[0]['localId']), '--priority', 'high')
        self.run_cli('sync')
        self.assertEqual(self.crm.bodies()[-1], {'id': rows[0]['id'], 'priority': 'high'})

    def test_merged(self):
        self.colleague(name='Menu', endDatetime='2027-01-05 09:00:00')
        self.pull()
        row, = self.rows()
        local_id = str(row['localId'])
        self.run_cli('edit', local_id, '--name', 'My menu')
        self.colleague(id=row['id'], priority='high')
        self.pull()
        row, = self.rows()
        self.assertEqual((row['name'], row['priority'], row['syncState']), ('My menu', 'high', 'queued'))

        # Both change the name.
        self.colleague(id=row['id'], name='Their menu')
        self.pull()
        row, = self.rows()
        self.assertEqual((row['name'], row['syncState'], row['error']['class']), ('My menu', 'failed', 'rejected'))
        self.assertEqual([message.split(':')[0] for message in row['error']['additionalMessages']], ['name'])
        self.run_cli('resubmit', local_id, status=2)
        self.run_cli('sync', status=1)
        self.assertEqual(self.crm.bodies(), [])
        self.assertEqual(self.there(row['id'])['name'], 'Their menu')

        # Saying what it shall be is choosing.
        self.run_cli('edit', local_id, '--name', 'Our menu')
        self.run_cli('resubmit', local_id)
        self.run_cli('sync')
        self.assertEqual(self.there(row['id'])['name'], 'Our menu')
        self.assertEqual(self.there(row['id'])['priority'], 'high')

    def test_deleted(self):
        self.colleague(name='One', endDatetime='2027-01-05 09:00:00')
        self.colleague(name='Two', endDatetime='2027-01-05 09:00:00')
        self.pull()
        one, two = sorted(self.rows(), key=lambda row: row['name'])
        self.run_cli('edit', str(two['localId']), '--name', 'Two, edited')
        for row in (one, two):
            self.crm.ask('/practice/settings', 'colleague-delete=%d' % row['id'])
        self.pull()
        row, = self.rows()
        self.assertEqual((row['name'], row['syncState'], row['error']['specificCode']), ('Two, edited', 'failed', 24392))
        self.run_cli('resubmit', '--as-new', str(row['localId']))
        self.run_cli('sync')
        self.assertEqual([task['name'] for task in self.crm.tasks()], ['Two, edited'])

    def test_unreachable(self):
        self.run_cli('add', '--name', 'Mine', *DUE)
        self.crm.stop()
        done = self.run_cli('pull', status=3)
        self.assertIn(b'could not be had', done.stderr)
        self.crm.start()
        self.assertGreater(self.pull()['changed'], 600)
        self.assertEqual([row['syncState'] for row in self.rows()], ['queued'])

    def test_refused(self):
        self.crm.fault('403,action=getContactList,times=100')
        self.assertEqual(self.pull()['refused'], ['contacts'])
        self.run_cli('add', '--name', 'Mine', *DUE)
        self.run_cli('sync')


if __name__ == '__main__':
    main(PullTest)
