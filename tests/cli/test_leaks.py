#!/usr/bin/env python3
# test_leaks.py: the secret and what it signed are looked for everywhere, after a whole session
#
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import contextlib
import hashlib
import hmac
import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.parse

from cli_bench import CLI, DUE, SECRET, CliCase, main

WRONG_SECRET = 'correct-horse-battery-staple'


class Search:
    """Finds secrets in bytes, in whatever form."""

    def __init__(self, *secrets):
        self.forms = set()
        for secret in secrets:
            raw = secret.encode()
            self.forms |= {raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b'='), secret.encode('utf-16-le'),
                           urllib.parse.quote(secret, safe='').encode(), raw[::-1]}

    def in_bytes(self, place, data):
        return [place] if any(form in data for form in self.forms) else []

    def in_files(self, top):
        found = []
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    found += self.in_bytes(path, name.encode())
                    with open(path, 'rb') as opened:
                        found += self.in_bytes(path, opened.read())
                if name.endswith('.db'):
                    found += self.in_rows(path)
        return found

    def in_rows(self, path):
        found = []
        with contextlib.closing(sqlite3.connect(path)) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                for row in database.execute('SELECT * FROM "%s"' % table):
                    for value in row:
                        data = value if isinstance(value, bytes) else str(value).encode()
                        found += self.in_bytes('%s, table %s' % (path, table), data)
        return found

    def in_process(self, pid):
        """What anybody who may look at the process can see, and what a core dump would hold."""
        found = []
        for name in ('cmdline', 'environ', 'comm'):
            with open('/proc/%d/%s' % (pid, name), 'rb') as opened:
                found += self.in_bytes(name, opened.read())
        for number in os.listdir('/proc/%d/fd' % pid):
            path = '/proc/%d/fd/%s' % (pid, number)
            with contextlib.suppress(FileNotFoundError):
                if stat.S_ISREG(os.stat(path).st_mode):
                    with open(path, 'rb') as opened:
                        found += self.in_bytes('open file ' + os.readlink(path), opened.read())
        with open('/proc/%d/limits' % pid) as opened:
            [limit] = [line for line in opened if line.startswith('Max core file size')]
        if limit.split()[4:6] != ['0', '0']:
            found.append('core dump')
        return found


class LeaksTest(CliCase):
    def setUp(self):
        super().setUp()
        self.said = []
        self.env.update(G_MESSAGES_DEBUG='all', CRM_TASKS_LOG_BODIES='1')

    def say(self, *args, env=None):
        done = subprocess.run([CLI, *args], env=env or self.env, capture_output=True, timeout=120)
        self.said.append((' '.join(args), done.stdout + done.stderr))
        return done

    def signatures(self):
        """All that was sent, signed once more."""
        for request in json.loads(self.crm.ask('/practice/requests')):
            md5 = hashlib.md5(request['body'].encode()).hexdigest()
            text = 'POST%sapplication/json%s1.0ivvydate=%s' % (md5, request['target'], request['ivvyDate'])
            for secret in (SECRET, WRONG_SECRET):
                yield hmac.new(secret.encode(), text.lower().encode(), hashlib.sha1).hexdigest()

    def wait_for_request(self, process):
        deadline = time.monotonic() + 30
        while not any('addOrUpdateTask' in request['target'] for request in json.loads(self.crm.ask('/practice/requests'))):
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(process.poll())

    # A whole session

    def test_session(self):
        self.say('add', '--name', 'Under way', *DUE)
        self.crm.fault('delay=2000,action=addOrUpdateTask')
        with open(os.path.join(self.folder, 'sync-output'), 'w+b') as output:
            process = subprocess.Popen([CLI, 'sync'], env=self.env, stdout=output, stderr=output)
            self.wait_for_request(process)
            self.assertEqual(Search(SECRET).in_process(process.pid), [])
            process.wait(60)
            output.seek(0)
            self.said.append(('sync', output.read()))

        self.say('add', '--name', 'Refused', *DUE, '--lead', '99999')
        self.say('sync')
        self.crm.fault('cut-after,action=addOrUpdateTask')
        self.say('add', '--name', 'Cut off', *DUE)
        self.say('sync', '--settle', '1', '--timeout', '5')
        self.crm.fault('html,action=addOrUpdateTask')
        self.say('add', '--name', 'Not a CRM', *DUE)
        self.say('sync', '--timeout', '3')
        wrong = dict(self.env, CRM_TASKS_API_SECRET=WRONG_SECRET)
        self.say('sync', '--timeout', '3', env=wrong)
        self.say('account', 'test', env=wrong)
        for command in (['account', 'test'], ['account', 'show'], ['status'], ['list', '--json'], ['show', '1', '--json'],
                        ['show', '2'], ['account', 'set', '--address', 'http://127.0.0.1:1/path', '--key', 'k']):
            self.say(*command)

        signatures = list(self.signatures())
        self.assertGreater(len(signatures), 8)
        everything = b''.join(data for _, data in self.said)
        self.assertIn(b'POST addOrUpdateTask: ', everything)
        self.assertIn(b'POST ping: ', everything)
        self.assertIn(b' characters)', everything)
        search = Search(SECRET, WRONG_SECRET, *signatures)
        found = [place for name, data in self.said for place in search.in_bytes('what %s said' % name, data)]
        os.unlink(self.crm.state)
        found += search.in_files(self.folder)
        self.assertEqual(found, [])

    def test_quiet_by_default(self):
        env = {name: value for name, value in self.env.items() if name not in ('G_MESSAGES_DEBUG', 'CRM_TASKS_LOG_BODIES')}
        self.say('add', '--name', 'Quiet', *DUE, env=env)
        self.assertEqual(self.say('sync', '--json', env=env).stderr, b'')

    def test_bodies_only_when_asked_for(self):
        env = {name: value for name, value in self.env.items() if name != 'CRM_TASKS_LOG_BODIES'}
        self.say('add', '--name', 'Between us', *DUE, '--description', 'and nobody else')
        for asked in (False, True):
            said = self.say('sync', env=self.env if asked else env)
            self.assertNotIn(b'Between us', said.stdout + said.stderr)
            self.assertNotIn(b'nobody else', said.stdout + said.stderr)
            self.assertEqual(b'"name":"(10 characters)"' in said.stderr + said.stdout, asked)
            self.say('edit', '1', '--name', 'Between u2', '--description', 'and nobody elsewhere')

    # The search finds what is planted

    def assert_finds(self, found):
        self.assertEqual(len(found), 1, found)

    def test_finds_in_words(self):
        search = Search('hush-hush')
        for planted in (b'hush-hush', b'6875 hush-hush', b'68757368' b'2d68757368', b'aHVzaC1odXNo', 'hush-hush'.encode('utf-16-le')):
            self.assert_finds(search.in_bytes('output', b'before ' + planted + b' after'))
        self.assertEqual(search.in_bytes('output', b'hush, hush'), [])

    def test_finds_in_files(self):
        search = Search('hush-hush')
        for name in ('accounts.ini', 'stray', 'tasks.db-wal', os.path.join('a', 'b', 'deep')):
            path = os.path.join(self.folder, 'planted', name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as opened:
                opened.write('secret=hush-hush\n')
            self.assert_finds(search.in_files(os.path.join(self.folder, 'planted')))
            os.unlink(path)
        with open(os.path.join(self.folder, 'planted', 'hush-hush'), 'w'):
            pass
        self.assert_finds(search.in_files(os.path.join(self.folder, 'planted')))

    def test_finds_in_rows(self):
        self.say('add', '--name', 'Plain', *DUE)
        [path] = [os.path.join(folder, 'tasks.db') for folder, _, names in os.walk(self.env['XDG_DATA_HOME']) if 'tasks.db' in names]
        search = Search('hush-hush')
        self.assertEqual(search.in_rows(path), [])
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute('CREATE TABLE planted (a)')
            database.execute('INSERT INTO planted VALUES (?)', (b'x hush-hush',))
            database.commit()
        self.assert_finds(search.in_rows(path))
        self.say('edit', '1', '--name', 'hush-hush')
        self.assertGreater(len(search.in_rows(path)), 1)

    def look_at_child(self, *args, **kwargs):
        script = 'import sys; held = open(sys.argv[1]) if len(sys.argv) > 1 else None; print(flush=True); sys.stdin.read()'
        with subprocess.Popen([sys.executable, '-c', script, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **kwargs) as child:
            child.stdout.readline()
            try:
                return Search('hush-hush').in_process(child.pid)
            finally:
                child.stdin.close()

    def test_finds_in_processes(self):
        def without_core():
            import resource
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        def with_core():
            import resource
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard if hard != 0 else 0, hard))

        import resource
        self.assertEqual(self.look_at_child(preexec_fn=without_core), [])
        if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0:
            self.assertEqual(self.look_at_child(preexec_fn=with_core), ['core dump'])
        held = os.path.join(self.folder, 'held')
        with open(held, 'w') as opened:
            opened.write('hush-hush')
        self.assert_finds(self.look_at_child(held, preexec_fn=without_core))
        named = os.path.join(self.folder, 'hush-hush')
        with open(named, 'w'):
            pass
        self.assertIn('cmdline', self.look_at_child(named, preexec_fn=without_core))
        self.assertEqual(self.look_at_child(preexec_fn=without_core, env={'PATH': os.environ['PATH'], 'A': 'hush-hush'}), ['environ'])


if __name__ == '__main__':
    main(LeaksTest)
