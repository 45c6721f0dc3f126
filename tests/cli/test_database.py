#!/usr/bin/env python3
# test_database.py: trouble with the database: told in words, nothing lost, nothing doubled
#
# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import hashlib
import os
import resource
import signal
import sqlite3
import subprocess

from cli_bench import CLI, DUE, CliCase, main

SEND = 'action=addOrUpdateTask'


class DatabaseTest(CliCase):
    maxDiff = None

    @property
    def account(self):
        top = os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks')
        [name] = [name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name))]
        return os.path.join(top, name)

    @property
    def database(self):
        return os.path.join(self.account, 'tasks.db')

    def files(self):
        return sorted(os.listdir(self.account))

    def names(self):
        return sorted(task['name'] for task in self.read('list'))

    def assert_words(self, done, *words):
        said = done.stderr.decode()
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn('CRITICAL', said)

    @contextlib.contextmanager
    def locked(self, *before):
        """As another program holds it."""
        other = sqlite3.connect(self.database, isolation_level=None)
        for sql in before:
            other.execute(sql)
        other.execute('BEGIN EXCLUSIVE')
        try:
            yield
        finally:
            other.execute('ROLLBACK')
            other.close()

    def wait_for(self, condition):
        while not condition():
            pass

    # Locked

    def test_locked(self):
        self.add('Before')
        self.add('Draft', '--draft')
        commands = [['add', '--name', 'Refused', *DUE], ['edit', '1', '--name', 'Refused'], ['submit', '2'],
                    ['discard', '1']]
        # Each waits some seconds for its turn.
        with self.locked():
            self.assertEqual(self.names(), ['Before', 'Draft'])
            running = [subprocess.Popen([CLI, *command], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                       for command in commands]
            for process in running:
                out, words = process.communicate(timeout=60)
                self.assertEqual((process.returncode, out), (4, b''), (process.args, words))
                self.assertIn(b'Another program holds', words)
        self.assertEqual(self.names(), ['Before', 'Draft'])
        self.assertEqual(self.read('sync')['sent'], 1)

    def test_locked_from_readers(self):
        self.add('Before')
        with self.locked('PRAGMA locking_mode = EXCLUSIVE'):
            for command in (['list'], ['sync', '--timeout', '5']):
                self.assert_words(self.run_cli(*command, status=4), 'Another program holds')
        self.assertEqual(self.crm.bodies(), [])
        self.assertEqual(self.read('sync')['sent'], 1)

    def test_waits_for_its_turn(self):
        self.add('Before')
        with self.locked():
            adding = subprocess.Popen([CLI, 'add', '--name', 'After', *DUE], env=self.env, stdout=subprocess.PIPE)
            with self.assertRaises(subprocess.TimeoutExpired):
                adding.communicate(timeout=1)
        out, _ = adding.communicate(timeout=60)
        self.assertEqual((adding.returncode, out), (0, b'2\n'))

    # The answer can't be stored

    def begin_sync(self):
        return subprocess.Popen([CLI, 'sync', '--json', '--settle', '1', '--timeout', '100'], env=self.env,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_locked_when_the_answer_comes(self):
        self.crm.fault('delay-after=500,' + SEND)
        self.add('Once')
        sync = self.begin_sync()
        self.wait_for(self.crm.tasks)
        with self.locked():
            # The answer comes, and a write waits 5 s for its turn.
            with self.assertRaises(subprocess.TimeoutExpired):
                sync.communicate(timeout=8)
        _, words = sync.communicate(timeout=60)
        self.assertEqual(sync.returncode, 0, words)
        self.assertEqual([task['id'] for task in self.crm.tasks()], [task['id'] for task in self.read('list')])
        self.assertEqual(len(self.crm.bodies()), 1)

    def test_killed_before_the_answer_was_stored(self):
        self.crm.fault('delay-after=300,' + SEND)
        self.add('Once')
        sync = self.begin_sync()
        self.wait_for(self.crm.tasks)
        with self.locked():
            with self.assertRaises(subprocess.TimeoutExpired):
                sync.communicate(timeout=1)
            sync.kill()
            sync.communicate()
        self.assertEqual([task['syncState'] for task in self.read('list')], ['sending'])
        self.assertEqual(self.read('sync', '--settle', '1')['sent'], 1)
        self.assertEqual([task['id'] for task in self.crm.tasks()], [task['id'] for task in self.read('list')])
        self.assertEqual(len(self.crm.bodies()), 1)

    # Full

    def run_on_full(self, room, *args):
        """No file may grow beyond the index that SQLite keeps beside its log, and so many pages of the log."""
        most = 32768 + 4120 * room

        def fill():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        return subprocess.run([CLI, *args], env=self.env, capture_output=True, timeout=120, preexec_fn=fill)

    def test_full(self):
        self.add('Kept')
        self.read('sync')
        for command in (['add', '--name', 'Refused', *DUE, '--description', 'y' * 60000],
                        ['edit', '1', '--description', 'y' * 60000], ['edit', '1', '--name', 'Refused' * 6000]):
            done = self.run_on_full(0, *command)
            self.assertEqual((done.returncode, done.stdout), (4, b''), done.stderr)
            self.assert_words(done, 'The ')
        self.assertEqual(self.names(), ['Kept'])
        self.assertEqual(self.task(1)['revision'], 1)

    def test_full_while_sending(self):
        self.add('First')
        self.add('Second')
        # What can't be claimed is not sent.
        done = self.run_on_full(0, 'sync', '--timeout', '1')
        self.assertEqual(done.returncode, 4)
        self.assert_words(done, 'The ')
        self.assertEqual(self.crm.bodies(), [])

        # With more and more room an answer comes that can't be stored.
        room = 0
        while not self.read('list', '--state', 'sending'):
            self.assertLess(room, 40)
            room += 2
            done = self.run_on_full(room, 'sync', '--settle', '1', '--timeout', '1')
            self.assertIn(done.returncode, (3, 4))
        self.read('sync', '--settle', '1')
        self.assertEqual(sorted((task['name'], task['id']) for task in self.crm.tasks()),
                         sorted((task['name'], task['id']) for task in self.read('list')))
        self.assertEqual(len(self.crm.tasks()), 2)

    # Something else is there

    def test_newer(self):
        self.add('Kept')
        with contextlib.closing(sqlite3.connect(self.database)) as other:
            [[version]] = other.execute('PRAGMA user_version')
            other.execute('PRAGMA user_version = 99')
        with open(self.database, 'rb') as opened:
            before = hashlib.sha256(opened.read()).digest()
        for command in (['add', '--name', 'Refused', *DUE], ['list'], ['sync'], ['show', '1'], ['discard', '1']):
            done = self.run_cli(*command, status=4)
            self.assertEqual(done.stdout, b'')
            self.assert_words(done, 'newer version', '99')
        with open(self.database, 'rb') as opened:
            self.assertEqual(hashlib.sha256(opened.read()).digest(), before)
        self.assertEqual(self.crm.bodies(), [])
        with contextlib.closing(sqlite3.connect(self.database)) as other:
            other.execute('PRAGMA user_version = %d' % version)
        self.assertEqual(self.read('sync')['sent'], 1)

    def test_folder_in_its_place(self):
        self.add('Kept')
        aside = self.database + '-aside'
        os.rename(self.database, aside)
        os.mkdir(self.database)
        for command in (['add', '--name', 'Refused', *DUE], ['list'], ['sync']):
            done = self.run_cli(*command, status=4)
            self.assertEqual(done.stdout, b'')
            self.assert_words(done, 'no plain file')
        os.rmdir(self.database)
        os.rename(aside, self.database)
        self.assertEqual(self.names(), ['Kept'])

    def test_links_in_the_way(self):
        self.add('Kept')
        folder = self.account
        for path in [os.path.join(folder, 'tasks.db'), os.path.join(folder, 'sender.lock'), folder,
                     os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks', 'accounts.ini'),
                     os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks')]:
            self.assertTrue(os.path.lexists(path) or path.endswith('lock'), path)
            elsewhere = os.path.join(self.folder, 'elsewhere')
            if os.path.lexists(path):
                os.rename(path, elsewhere)
            os.symlink(elsewhere, path)
            done = self.run_cli('add', '--name', 'Astray', *DUE, status=4)
            self.assert_words(done, 'symbolic link')
            os.unlink(path)
            if os.path.lexists(elsewhere):
                os.rename(elsewhere, path)
        self.assertEqual([task['name'] for task in self.read('list')], ['Kept'])

    def test_open_to_others(self):
        self.add('Mine')
        folder = self.account
        os.chmod(folder, 0o755)
        os.chmod(os.path.join(folder, 'tasks.db'), 0o644)
        self.read('list')
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        for name in os.listdir(folder):
            self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o077, 0, name)

    def test_another_users(self):
        if os.geteuid() != 0:
            self.skipTest('only root can give a file away')
        self.add('Mine')
        os.chown(os.path.join(self.account, 'tasks.db'), 65534, 65534)
        self.assert_words(self.run_cli('list', status=4), 'another user')

    def test_file_in_place_of_the_folder(self):
        self.add('Kept')
        account = self.account
        os.rename(account, account + '-aside')
        with open(account, 'w'):
            pass
        for command in (['add', '--name', 'Refused', *DUE], ['list'], ['sync']):
            done = self.run_cli(*command, status=4)
            self.assertEqual(done.stdout, b'')
            self.assert_words(done, account)
        os.unlink(account)
        os.rename(account + '-aside', account)
        self.assertEqual(self.names(), ['Kept'])

    # Damaged

    def damage(self, start, size):
        with open(self.database, 'r+b') as opened:
            opened.seek(start)
            opened.write(b'\xa5' * size)

    def assert_set_aside(self, done):
        [aside] = [name for name in self.files() if '.damaged-' in name and not name.endswith(('-wal', '-shm'))]
        self.assert_words(done, 'damaged', aside)

    def test_damaged_beyond_reading(self):
        self.add('Lost here')
        with open(self.database, 'rb') as opened:
            whole = opened.read()
        self.damage(0, len(whole))
        done = self.run_cli('add', '--name', 'Next', *DUE)
        self.assert_set_aside(done)
        self.assertEqual(self.names(), ['Next'])
        # It is told once, and what was there is kept for who can do more with it.
        self.assertEqual(self.run_cli('list').stderr, b'')
        [aside] = [name for name in self.files() if '.damaged-' in name]
        self.assertEqual(os.path.getsize(os.path.join(self.account, aside)), len(whole))

    def test_damaged_in_part(self):
        for number in range(120):
            self.add('Task %03d' % number, '--description', 'x' * 400)
        self.run_cli('sync', '--timeout', '60')
        self.add('Waiting')
        with contextlib.closing(sqlite3.connect(self.database)) as other:
            [[page_size]] = other.execute('PRAGMA page_size')
            pages = [page for [page] in other.execute("SELECT pageno FROM dbstat WHERE name = 'task' AND pagetype = 'leaf'")]
        for page in pages[len(pages) // 2:][:3]:
            self.damage(page_size * (page - 1), page_size)
        # The run that meets the damage says so, the next one recovers what can be read.
        done = self.run_cli('list', status=4)
        self.assert_words(done, 'damaged')
        self.assert_set_aside(self.run_cli('list'))
        done = self.run_cli('sync', '--settle', '1')
        there = [task['name'] for task in self.crm.tasks()]
        self.assertEqual(len(there), len(set(there)))
        self.assertIn('Waiting', there)
        self.assertGreater(len(self.names()), 60)
        self.assertLessEqual(set(self.names()), set(there))


if __name__ == '__main__':
    main(DatabaseTest)
