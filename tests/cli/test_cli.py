#!/usr/bin/env python3
# test_cli.py: the command line against the practice CRM, each a process of its own
#
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import signal
import subprocess
import time

from cli_bench import ANSWER_KEYS, CLI, DUE, TASK_KEYS, CliCase, main


class CliTest(CliCase):
    # The sample, and the keys

    def test_sample(self):
        task = self.read('add', '--name', 'Test Task API', '--due', '2021-11-01 17:00:00Z', '--status', '1',
                         '--assignee', '1', '--lead', '2665')
        self.assertEqual(list(task), TASK_KEYS)
        self.assertEqual(task['syncState'], 'queued')
        self.assertIsNone(task['id'])
        self.assertEqual(self.read('sync'), {'sent': 1, 'failed': 0, 'unconfirmed': 0, 'waiting': 0, 'paused': None})
        [task] = self.read('list')
        self.assertEqual((task['syncState'], task['attempts'], task['error']), ('synced', 1, None))
        self.assertEqual(task['id'], self.crm.tasks()[0]['id'])
        [body] = self.crm.bodies()
        self.assertEqual(body, {'name': 'Test Task API', 'endDatetime': '2021-11-01 17:00:00', 'status': 1,
                                'assignedUserId': 1, 'leadId': 2665})

    def test_rejected_and_corrected(self):
        bad = self.add('Bad', '--lead', '99999')
        good = self.add('Good')
        result = self.read('sync', status=1)
        self.assertEqual((result['sent'], result['failed']), (1, 1))
        self.assertEqual(self.task(good)['syncState'], 'synced')
        task = self.task(bad)
        self.assertEqual(task['syncState'], 'failed')
        self.assertEqual(list(task), TASK_KEYS + ['history'])
        self.assertEqual(sorted(task['error']), sorted(ANSWER_KEYS))
        self.assertEqual(task['error']['class'], 'rejected')
        self.assertEqual(task['error']['specificCode'], 24395)
        self.assertEqual(task['error']['additionalMessages'], ['leadId: *Invalid item selected*'])
        self.assertEqual(sorted(task['history'][0]), sorted(['startedAt', 'finishedAt', 'revision'] + ANSWER_KEYS))
        self.assertEqual(self.read('edit', str(bad), '--lead', '2665')['syncState'], 'failed')
        [task] = self.read('resubmit', str(bad))
        self.assertEqual((task['syncState'], task['attempts'], task['error']), ('queued', 0, None))
        self.read('sync')
        self.assertEqual(self.task(bad)['syncState'], 'synced')
        self.assertEqual(len(self.crm.tasks()), 2)

    def test_update_sends_only_changes(self):
        task = self.add('First', '--lead', '2665')
        self.read('sync')
        self.read('edit', str(task), '--name', 'Second')
        self.read('sync')
        crm_id = self.task(task)['id']
        self.assertEqual(self.crm.bodies()[-1], {'id': crm_id, 'name': 'Second'})
        self.read('edit', str(task), '--clear', 'leadId', '--company', '1')
        self.assertEqual(self.read('edit', str(task), '--clear', 'companyId')['revision'], 4)
        self.read('sync')
        self.assertEqual(self.crm.bodies()[-1], {'id': crm_id, 'leadId': None})

    def test_known_by_crm_id_only(self):
        there = self.add('There')
        self.read('sync')
        crm_id = self.task(there)['id']
        self.assertEqual(self.read('add', '--crm-id', str(crm_id), '--name', 'Same one')['localId'], there)
        other = self.read('add', '--crm-id', '4711', '--status', 'completed')
        self.assertEqual((other['id'], other['status'], other['name'], other['syncState']), (4711, 4, None, 'queued'))
        self.read('sync', status=1)
        self.assertEqual(self.crm.bodies()[-1], {'id': 4711, 'status': 4})
        self.assertEqual(self.task(other['localId'])['error']['specificCode'], 24392)
        self.run_cli('resubmit', '--as-new', str(other['localId']), status=2)
        self.read('edit', str(other['localId']), '--name', 'Anew', *DUE)
        self.read('resubmit', '--as-new', str(other['localId']))
        self.read('sync')
        self.assertNotIn('id', self.crm.bodies()[-1])

    # What is refused

    def test_refused(self):
        for args, words in [
                (['--name', 'A'], ['--due', 'endDatetime']),
                (['--name', 'A', '--due', '2026-02-30 10:00'], ['--due', 'endDatetime']),
                (['--name', 'A', *DUE, '--lead', '99999999999999999999'], ['--lead', 'leadId']),
                (['--name', 'A', *DUE, '--lead', 'x'], ['--lead', 'leadId']),
                (['--name', 'A', *DUE, '--status', '5'], ['--status', 'status']),
                (['--name', 'A', *DUE, '--priority', 'urgent'], ['--priority', 'priority']),
                (['--name', 'A', *DUE, '--lead', '1', '--company', '2'], ['--company', 'companyId']),
                (['--name', ' ', *DUE], ['--name', 'name']),
                (['--name', b'caf\xe9', *DUE], ['--name']),
                (['--nonsense'], ['nonsense'])]:
            done = self.run_cli('add', *args, status=2)
            self.assertEqual(done.stdout, b'')
            for word in words:
                self.assertIn(word, done.stderr.decode(), args)
        self.assertEqual(self.read('list'), [])
        self.run_cli('frobnicate', status=2)
        self.run_cli('show', '77', status=2)
        self.run_cli('list', '--state', 'nowhere', status=2)

    def test_plain_locale(self):
        env = dict(self.env, LANG='C', LC_ALL='C')
        self.run_cli('add', '--name', 'Überprüfung', *DUE, env=env)
        self.assertEqual(self.read('list')[0]['name'], 'Überprüfung')

    def test_drafts(self):
        draft = self.read('add', '--name', 'Incomplete', '--draft')
        self.assertEqual(draft['syncState'], 'draft')
        self.assertEqual(self.read('sync')['sent'], 0)
        self.run_cli('submit', '1', status=2)
        self.read('edit', '1', *DUE)
        self.assertEqual(self.read('submit', '1')[0]['syncState'], 'queued')
        [gone] = self.read('discard', '1')
        self.assertEqual(gone['syncState'], 'removed')
        self.assertEqual(self.read('list'), [])

    def test_several_ids(self):
        self.add('One')
        done = self.run_cli('discard', '1', '2', '--json', status=2)
        self.assertEqual([t['syncState'] for t in json.loads(done.stdout)], ['removed'])
        self.assertIn('2', done.stderr.decode())

    def test_resubmit_by_code(self):
        self.add('Lead', '--lead', '99999')
        self.add('Company', '--company', '5000')
        self.read('sync', status=1)
        self.assertEqual([t['localId'] for t in self.read('resubmit', '--code', '24391')], [2])
        self.assertEqual([t['localId'] for t in self.read('resubmit', '--all')], [1])

    # Trouble

    def test_offline(self):
        self.crm.stop()
        self.add('Offline')
        result = self.read('sync', '--timeout', '2', status=3)
        self.assertEqual((result['waiting'], result['paused']), (1, 'not-sent'))
        task = self.task(1)
        self.assertEqual((task['syncState'], task['attempts'], task['error']), ('queued', 0, None))
        self.crm.start()
        self.assertEqual(self.read('sync')['sent'], 1)
        self.assertEqual(len(self.crm.tasks()), 1)

    def test_account_refused(self):
        self.add('Refused')
        env = dict(self.env, CRM_TASKS_API_SECRET='wrong')
        done = self.run_cli('sync', '--json', env=env, status=3)
        self.assertEqual(json.loads(done.stdout)['paused'], 'account')
        task = self.task(1)
        self.assertEqual((task['syncState'], task['error']), ('queued', None))
        self.assertEqual(self.read('sync')['sent'], 1)

    def test_part_of_an_account(self):
        env = {k: v for k, v in self.env.items() if k != 'CRM_TASKS_API_KEY'}
        self.assertIn(b'CRM_TASKS_API_KEY', self.run_cli('status', env=env, status=3).stderr)

    def test_no_account(self):
        env = {k: v for k, v in self.env.items() if not k.startswith('CRM_TASKS')}
        self.run_cli('add', '--name', 'Local', *DUE, env=env)
        self.run_cli('sync', env=env, status=3)
        done = self.run_cli('status', '--json', env=env)
        self.assertIsNone(json.loads(done.stdout)['account'])
        # The first account takes over what was kept under none.
        self.assertEqual(self.read('sync')['sent'], 1)

    def test_cut_off_is_looked_for(self):
        for fault, name in (('cut-after', 'Arrived'), ('cut-before', 'Lost'), ('create-then-500', 'Created')):
            self.crm.fault(fault + ',action=addOrUpdateTask')
            self.add(name)
            self.assertEqual(self.read('sync', '--settle', '1')['sent'], 1)
        self.assertEqual(sorted(t['name'] for t in self.crm.tasks()), ['Arrived', 'Created', 'Lost'])
        self.assertEqual({t['syncState'] for t in self.read('list')}, {'synced'})
        self.assertEqual(sorted(t['id'] for t in self.read('list')), sorted(t['id'] for t in self.crm.tasks()))

    def test_settled_by_a_person(self):
        self.crm.fault('cut-after,action=addOrUpdateTask', '403,times=0,action=getTaskList')
        self.add('Arrived')
        result = self.read('sync', '--settle', '0', status=1)
        self.assertEqual((result['unconfirmed'], result['paused']), (1, None))
        self.assertEqual(self.task(1)['error']['class'], 'unconfirmed')
        self.run_cli('resubmit', '1', status=2)
        self.run_cli('discard', '1', status=2)
        crm_id = self.crm.tasks()[0]['id']
        [task] = self.read('settle', '1', '--sent-as', str(crm_id))
        self.assertEqual((task['syncState'], task['id']), ('synced', crm_id))
        self.assertEqual(self.read('sync')['sent'], 0)

        self.crm.fault('cut-before,action=addOrUpdateTask', '403,times=0,action=getTaskList')
        again = self.add('Lost')
        self.read('sync', '--settle', '0', status=1)
        self.assertEqual(self.read('settle', str(again), '--send-again')[0]['syncState'], 'queued')
        self.assertEqual(self.read('sync')['sent'], 1)
        self.assertEqual(len(self.crm.tasks()), 2)

    def test_ends_cleanly(self):
        self.crm.fault('delay=1500,times=0,action=addOrUpdateTask')
        for i in range(4):
            self.add('Task %d' % i)
        with subprocess.Popen([CLI, 'sync', '--json'], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as sync:
            while not self.crm.bodies():
                time.sleep(0.02)
            sync.send_signal(signal.SIGTERM)
            out, _ = sync.communicate(timeout=60)
        self.assertEqual(sync.returncode, 3)
        result = json.loads(out)
        self.assertEqual(result['sent'] + result['waiting'], 4)
        self.assertGreater(result['sent'], 0)
        self.assertEqual(len(self.read('list', '--state', 'sending')), 0)

    # One sender

    def test_two_senders(self):
        for i in range(30):
            self.add('Task %d' % i)
        self.crm.fault('delay=20,times=0,action=addOrUpdateTask')
        both = [subprocess.Popen([CLI, 'sync', '--json'], env=self.env, stdout=subprocess.PIPE) for _ in range(2)]
        for sync in both:
            sync.communicate(timeout=60)
            self.assertEqual(sync.returncode, 0)
        self.assertEqual(len(self.crm.tasks()), 30)

    def test_taken_over(self):
        self.crm.fault('delay=60000,action=addOrUpdateTask')
        self.add('First')
        self.add('Second')
        with subprocess.Popen([CLI, 'sync'], env=self.env, stdout=subprocess.DEVNULL) as holder:
            while self.read('list', '--state', 'sending') == []:
                time.sleep(0.02)
            with subprocess.Popen([CLI, 'sync', '--settle', '1', '--json'], env=self.env, stdout=subprocess.PIPE) as other:
                holder.kill()
                other.communicate(timeout=90)
                self.assertEqual(other.returncode, 0)
        self.assertEqual(sorted(t['name'] for t in self.crm.tasks()), ['First', 'Second'])


if __name__ == '__main__':
    main(CliTest)
