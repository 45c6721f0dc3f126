#!/usr/bin/env python3
# test_backup.py: a backup is whole, and after a restore nothing is lost and nothing doubled
#
# SPDX-License-Identifier: GPL-3.0-or-later

import glob
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading

from cli_bench import CLI, DUE, SECRET, CliCase, main

SEND = 'action=addOrUpdateTask'
SEED = int(os.environ.get('CRM_TASKS_SEED') or int.from_bytes(os.urandom(4), 'big'))


class BackupTest(CliCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.folder, 'tasks.backup')

    @property
    def account(self):
        top = os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks')
        [name] = [name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name))]
        return os.path.join(top, name)

    @property
    def database(self):
        return os.path.join(self.account, 'tasks.db')

    def backup(self):
        return self.read('backup', self.file)

    def restore(self, *args, file=None, status=0):
        return json.loads(self.run_cli('restore', file or self.file, '--json', *args, status=status).stdout)

    def sync(self, status=0):
        return self.read('sync', '--settle', '1', status=status)

    def rows(self):
        return {row['name']: row for row in self.read('list')}

    def there(self):
        return sorted(task['name'] for task in self.crm.tasks())

    def states(self):
        return {name: row['syncState'] for name, row in self.rows().items()}

    def lose(self):
        """The disk is a new one, and there is nothing but the backup."""
        shutil.rmtree(self.account)

    def move(self):
        """From now on it is another computer."""
        self.env = {**self.env, 'XDG_DATA_HOME': os.path.join(self.folder, 'other')}

    def dump(self, file):
        """All that a database holds, the mark of a backup aside."""
        other = sqlite3.connect('file:%s?mode=ro' % file, uri=True)
        try:
            self.assertEqual(other.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
            return {name: other.execute('SELECT * FROM "%s"' % name).fetchall() for name in ('task', 'attempt', 'state_count', 'typed')}
        finally:
            other.close()

    # Writing one

    def test_whole_and_private(self):
        self.add('One')
        self.add('Draft', '--draft')
        self.sync()
        told = self.backup()
        self.assertEqual(told['counts']['synced'], 1)
        self.assertEqual(told['counts']['draft'], 1)
        self.assertEqual(self.dump(self.file), self.dump(self.database))
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.assertEqual(glob.glob(self.file + '?*'), [])
        with open(self.file, 'rb') as file:
            self.assertNotIn(SECRET.encode(), file.read())

    def test_replaced_when_whole(self):
        self.add('One')
        self.backup()
        self.add('Two')
        self.backup()
        self.assertEqual(len(self.dump(self.file)['task']), 2)

    def test_while_others_save(self):
        """One moment of them, and none waits for it."""
        self.add('Task 0')
        stop = threading.Event()
        saved = []

        def save():
            while not stop.is_set():
                saved.append(self.read('add', '--name', 'Task', *DUE)['localId'])

        savers = [threading.Thread(target=save) for _ in range(2)]
        for saver in savers:
            saver.start()
        for _ in range(10):
            before = max(saved, default=1)
            self.backup()
            ids = [row[0] for row in self.dump(self.file)['task']]
            self.assertEqual(ids, list(range(1, len(ids) + 1)))
            self.assertGreaterEqual(len(ids), before)
        stop.set()
        for saver in savers:
            saver.join()
        self.assertEqual(len(self.read('list')), len(saved) + 1)

    def test_says_why_not(self):
        self.add('One')
        self.backup()
        old = self.dump(self.file)
        self.add('Two')
        link = os.path.join(self.folder, 'link')
        os.symlink(self.file, link)
        for target, words in ((link, 'symbolic link'), (self.folder, 'no plain file'), (self.folder + '/no/where', 'No such file'),
                              (self.database, 'where CRM Tasks keeps'), ('/proc/backup', 'No backup can be written')):
            done = self.run_cli('backup', target, status=None)
            self.assertIn(done.returncode, (2, 4))
            self.assertIn(words, done.stderr.decode())
        self.run_cli('backup', status=2)
        self.run_cli('backup', 'a', 'b', status=2)
        self.assertEqual(self.dump(self.file), old)

    def limited(self, *args):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

        return subprocess.run([CLI, *args], env=self.env, capture_output=True, preexec_fn=limit, timeout=60)

    def test_no_room(self):
        self.add('One')
        self.backup()
        old, here = self.dump(self.file), self.dump(self.database)
        done = self.limited('backup', self.file)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertTrue(done.stderr)
        done = self.limited('restore', self.file, '--yes')
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(self.dump(self.file), old)
        self.assertEqual(self.dump(self.database), here)
        self.assertEqual(glob.glob(self.file + '?*'), [])

    # After a restore

    def test_known_to_be_delivered(self):
        """What was waiting in the backup, and was sent from here since, whatever became of it there."""
        names = ['Queued %d' % i for i in range(5)]
        for name in names:
            self.add(name)
        self.backup()
        self.run_cli('edit', '1', '--name', 'Renamed before')
        self.sync()
        self.run_cli('edit', '2', '--name', 'Renamed after')
        self.sync()
        there = self.there()
        self.assertEqual({task['why'] for task in self.restore(status=2)['newerTasks']}, {'edited', 'sent'})
        told = self.restore('--yes')
        self.assertEqual((told['restored'], told['sentSince'], told['lookedFor']), (True, 5, 0))
        self.assertEqual(sorted(self.rows()), there)
        self.sync()
        self.run_cli('pull')
        self.sync()
        self.assertEqual(self.there(), there)
        self.assertEqual({name: row['id'] for name, row in self.rows().items()},
                         {task['name']: task['id'] for task in self.crm.tasks()})

    def test_delivered_since(self):
        """What was waiting in the backup and is on the CRM by now is not sent again, when nothing here knows of that."""
        names = ['Queued %d' % i for i in range(5)]
        for name in names:
            self.add(name)
        self.backup()
        self.sync()
        self.assertEqual(self.there(), names)
        self.lose()
        told = self.restore()
        self.assertEqual((told['restored'], told['sentSince'], told['lookedFor']), (True, 0, 5))
        self.assertEqual(set(self.states().values()), {'queued'})
        self.sync()
        self.assertEqual(self.there(), names)
        self.assertEqual({name: row['id'] for name, row in self.rows().items()},
                         {task['name']: task['id'] for task in self.crm.tasks()})

    def count_lists(self):
        return sum('getTaskList' in request['target'] for request in json.loads(self.crm.ask('/practice/requests')))

    def test_many_delivered_since(self):
        """They are looked for together."""
        names = ['Queued %02d' % i for i in range(40)]
        for name in names:
            self.add(name)
        self.backup()
        self.sync()
        before = self.count_lists()
        self.lose()
        self.restore()
        self.sync()
        self.assertEqual(self.there(), names)
        self.assertEqual(set(self.states().values()), {'synced'})
        self.assertLess(self.count_lists() - before, 5)

    def test_delivered_since_in_every_state(self):
        self.add('Failed')
        self.crm.fault('specific=24395,' + SEND)
        self.sync(status=1)
        self.add('Draft', '--draft')
        self.crm.fault('cut-before,' + SEND)
        self.add('Unconfirmed')
        self.run_cli('sync', '--timeout', '2', status=None)
        self.assertEqual(self.states(), {'Failed': 'failed', 'Draft': 'draft', 'Unconfirmed': 'unconfirmed'})
        self.backup()
        self.crm.ask('/practice/faults', '')
        for row in self.read('list'):
            if row['syncState'] in ('failed', 'draft'):
                self.run_cli('submit', str(row['localId']))
        self.sync()
        self.assertEqual(self.there(), ['Draft', 'Failed', 'Unconfirmed'])
        self.lose()
        self.restore()
        self.assertEqual(self.states(), {'Failed': 'failed', 'Draft': 'draft', 'Unconfirmed': 'unconfirmed'})
        for row in self.read('list'):
            if row['syncState'] in ('failed', 'draft'):
                self.run_cli('submit', str(row['localId']))
        self.sync()
        self.assertEqual(set(self.states().values()), {'synced'})
        self.assertEqual(self.there(), ['Draft', 'Failed', 'Unconfirmed'])

    def test_cut_off_in_the_backup(self):
        """A backup that is made while its task is being sent."""
        self.crm.fault('delay-after=1000,' + SEND)
        self.add('Sending')
        sync = subprocess.Popen([CLI, 'sync'], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not self.crm.tasks():
            pass
        self.backup()
        self.assertEqual(self.dump(self.file)['task'][0][3], 'sending')
        sync.communicate()
        self.lose()
        self.restore()
        self.assertEqual(self.states(), {'Sending': 'unconfirmed'})
        self.sync()
        self.assertEqual((self.states(), self.there()), ({'Sending': 'synced'}, ['Sending']))

    def test_not_delivered_since(self):
        """What is not on the CRM is sent, and nothing of it is lost."""
        self.add('One')
        self.add('Two')
        self.backup()
        self.restore()
        self.assertEqual(self.sync()['sent'], 2)
        self.assertEqual(self.there(), ['One', 'Two'])

    def test_equal_ones(self):
        for _ in range(3):
            self.add('Equal')
        self.backup()
        self.sync()
        self.lose()
        self.restore()
        self.sync()
        self.assertEqual(self.there(), ['Equal'] * 3)

    def test_change_delivered_since(self):
        local_id = self.add('Task')
        self.sync()
        self.run_cli('edit', str(local_id), '--description', 'Old')
        self.backup()
        self.sync()
        sent = len(self.crm.bodies())

        # Here it is known.
        self.restore('--yes')
        self.assertEqual(self.states(), {'Task': 'synced'})
        self.sync()

        # Elsewhere it is not.
        self.lose()
        self.restore('--yes')
        self.assertEqual(self.states(), {'Task': 'failed'})
        self.sync(status=1)
        self.run_cli('pull')
        self.sync()
        self.assertEqual(self.states(), {'Task': 'synced'})
        self.assertEqual(len(self.crm.bodies()), sent)

    def test_change_undone_since(self):
        """A newer one is not overwritten without a word, also when it is what was there before."""
        local_id = self.add('Task', '--description', 'First')
        self.sync()
        self.run_cli('edit', str(local_id), '--description', 'Old')
        self.backup()
        self.sync()
        for newer in ('Newer', 'First'):
            self.run_cli('edit', str(local_id), '--description', newer)
            self.sync()
            sent = len(self.crm.bodies())
            self.restore('--yes')
            self.run_cli('pull')
            self.sync()
            self.assertEqual(self.task(local_id)['description'], newer)
            self.assertEqual(len(self.crm.bodies()), sent)

        self.run_cli('edit', str(local_id), '--description', 'Newer')
        self.sync()
        self.lose()
        self.restore('--yes')
        self.sync(status=1)
        self.run_cli('pull')
        self.sync(status=1)
        self.assertIn('Newer', self.crm.tasks()[0]['description'])
        self.assertIn('Choose', self.task(local_id)['error']['message'])

    def test_change_of_what_is_not_known(self):
        """Of a task that was never brought from the CRM no pull can tell who changed it."""
        there = self.read('add', '--name', 'Task', *DUE)
        self.sync()
        crm_id = self.task(there['localId'])['id']
        self.lose()
        self.run_cli('add', '--crm-id', str(crm_id), '--priority', 'high')
        self.backup()
        self.lose()
        self.restore('--yes')
        self.sync(status=1)
        self.run_cli('pull')
        self.sync(status=1)
        self.assertNotEqual(self.crm.tasks()[0].get('priority'), 'high')

    def test_edited_after_the_backup_and_sent_into_doubt(self):
        """What was sent since under another name is looked for by that name."""
        local_id = self.add('Foo')
        self.backup()
        self.run_cli('edit', str(local_id), '--name', 'Bar')
        self.crm.fault('cut-after,action=addOrUpdateTask')
        self.run_cli('sync', '--timeout', '1', status=None)
        self.assertEqual(len(self.crm.tasks()), 1)
        self.restore('--yes')
        self.sync()
        self.assertEqual([task['name'] for task in self.crm.tasks()], ['Bar'])

    def test_change_not_delivered(self):
        local_id = self.add('Task')
        self.sync()
        self.run_cli('pull')
        self.run_cli('edit', str(local_id), '--description', 'Mine')
        self.backup()
        self.restore()
        self.run_cli('pull')
        self.sync()
        self.assertEqual(self.states(), {'Task': 'synced'})
        self.assertIn('Mine', self.crm.tasks()[0]['description'])

    # What is newer

    def test_newer_is_shown_and_kept(self):
        ids = [self.add(name, '--draft') for name in ('Same', 'Edited', 'Removed')]
        self.backup()
        self.run_cli('edit', str(ids[1]), '--name', 'Edited here')
        self.run_cli('discard', str(ids[2]))
        self.add('Added')
        here = self.dump(self.database)
        done = self.run_cli('restore', self.file, status=2)
        for words in ('3 tasks here are newer', 'Edited here', 'Added', 'Removed', '--yes'):
            self.assertIn(words, done.stderr.decode())
        self.assertEqual(self.dump(self.database), here)
        told = self.restore(status=2)
        self.assertEqual((told['restored'], told['newer'], told['setAside']), (False, 3, None))
        self.assertEqual({task['name']: task['why'] for task in told['newerTasks']},
                         {'Edited here': 'edited', 'Added': 'added', 'Removed': 'removed'})
        self.assertEqual([name for name in os.listdir(self.account) if 'restor' in name], [])

        aside = self.restore('--yes')['setAside']
        self.assertEqual(sorted(self.rows()), ['Edited', 'Removed', 'Same'])
        self.assertEqual(self.dump(aside), here)
        self.assertEqual(stat.S_IMODE(os.stat(aside).st_mode), 0o600)
        self.assertEqual(self.add('Later'), 5, 'a local id is not given twice')

        self.restore('--yes', file=aside)
        self.assertEqual(sorted(self.rows()), ['Added', 'Edited here', 'Same'])

    def test_nothing_newer(self):
        self.add('One')
        self.backup()
        self.assertEqual(self.restore()['newer'], 0)

    # Moved

    def test_moved(self):
        self.add('Sent')
        self.sync()
        self.add('Waiting')
        self.add('Draft', '--draft')
        self.backup()
        self.move()
        told = self.restore()
        self.assertEqual((told['restored'], told['otherAccount'], told['setAside']), (True, False, None))
        self.sync()
        self.assertEqual(self.states(), {'Sent': 'synced', 'Waiting': 'synced', 'Draft': 'draft'})
        self.assertEqual(self.there(), ['Sent', 'Waiting'])
        self.run_cli('pull')
        self.assertEqual(len(self.rows()), 3)

    def test_practice(self):
        self.read('add', '--practice', '--name', 'One', *DUE)
        self.run_cli('backup', '--practice', self.file)
        self.assertEqual(self.restore('--practice')['newer'], 0)
        done = self.run_cli('restore', self.file, status=2)
        self.assertIn('another account', done.stderr.decode())

    def test_another_crm(self):
        self.add('Waiting')
        self.backup()
        self.move()
        self.env['CRM_TASKS_API_KEY'] = 'another'
        done = self.run_cli('restore', self.file, status=2)
        self.assertIn('another account', done.stderr.decode())
        self.assertEqual(self.rows(), {})

    # Refused

    def test_refused(self):
        self.add('One')
        self.backup()
        here = self.dump(self.database)
        with open(self.file, 'rb') as file:
            content = file.read()

        def spoil(name, content, sql=None):
            path = os.path.join(self.folder, name)
            with open(path, 'wb') as file:
                file.write(content)
            if sql is not None:
                other = sqlite3.connect(path)
                other.executescript(sql)
                other.close()
            return path

        link = os.path.join(self.folder, 'link')
        os.symlink(self.file, link)
        chance = random.Random(1)
        flipped = bytearray(content)
        for at in range(4096 + 100, len(flipped), 512):
            flipped[at] = chance.randrange(256)
        cases = [
            (spoil('empty', b''), 'no backup'),
            (spoil('text', b'Dear diary\n' * 1000), 'no backup'),
            (spoil('cut', content[:len(content) // 2]), 'damaged'),
            (spoil('flipped', bytes(flipped)), 'damaged'),
            (spoil('crossed', content, 'PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace (sql, '
                   "'(name COLLATE', '(end_datetime COLLATE') WHERE name = 'task_name'"), 'damaged'),
            (spoil('stranger', b'', 'CREATE TABLE task (name)'), 'no backup'),
            (spoil('newer', content, 'PRAGMA user_version = 9999'), 'newer version'),
            (spoil('unmarked', content, 'DROP TABLE backup'), 'no backup'),
            (link, 'symbolic link'),
            (self.folder, 'no plain file'),
            (os.path.join(self.folder, 'nothing'), 'No such file'),
        ]
        for path, words in cases:
            done = self.run_cli('restore', path, '--yes', status=None)
            self.assertIn(done.returncode, (2, 4), path)
            self.assertIn(words, done.stderr.decode(), path)
            self.assertEqual(self.dump(self.database), here)
            self.assertEqual([name for name in os.listdir(self.account) if 'restor' in name], [])

    def test_refused_while_open(self):
        self.add('One')
        self.backup()
        other = sqlite3.connect(self.database)
        other.execute('SELECT * FROM task').fetchall()
        done = self.run_cli('restore', self.file, '--yes', status=2)
        self.assertIn('Another program', done.stderr.decode())
        other.close()
        self.restore()

    # Killed

    def test_killed(self):
        chance = random.Random(SEED)
        print('# CRM_TASKS_SEED=%d' % SEED, flush=True)
        for i in range(3):
            self.add('Task %d' % i)
        other = sqlite3.connect(self.database)
        other.executescript('PRAGMA foreign_keys = OFF; UPDATE task SET description = hex (randomblob (200000)) WHERE local_id <= 3')
        other.close()
        self.backup()
        old = self.dump(self.file)
        self.run_cli('edit', '1', '--name', 'Newer')
        here = self.dump(self.database)
        second = os.path.join(self.folder, 'second.backup')
        self.run_cli('backup', second)

        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        span = 0.02
        killed = {'backup': 0, 'restore': 0}
        for turn in range(40):
            command = chance.choice(['backup', 'restore'])
            args = [self.file] if command == 'backup' else [second if chance.random() < 0.5 else self.file, '--yes']
            process = subprocess.Popen([CLI, command, *args], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                process.communicate(timeout=chance.uniform(0, span))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed[command] += 1
                span = min(span * 1.3, 0.3)
            names = set(self.rows())
            self.assertIn(names, ({'Newer', 'Task 1', 'Task 2'}, {'Task 0', 'Task 1', 'Task 2'}))
            self.assertEqual({row[1 + 3] for row in self.dump(self.file)['task']} - {'Newer', 'Task 0', 'Task 1', 'Task 2'}, set())
            self.dump(self.database)
        print('# killed: %s' % killed, flush=True)
        self.assertEqual(self.restore('--yes', file=second)['restored'], True)
        self.assertEqual(sorted(self.rows()), ['Newer', 'Task 1', 'Task 2'])
        for name in os.listdir(self.account):
            if name.startswith('tasks.db.'):
                self.assertEqual(len(self.dump(os.path.join(self.account, name))['task']), 3, name)


if __name__ == '__main__':
    main(BackupTest)
