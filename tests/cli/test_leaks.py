#!/usr/bin/env python3
# test_leaks.py: the API secret and what it signed are looked for everywhere, and the search itself is tried out
#
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from cli_bench import CLI, DUE, PRACTICE, CliCase, Crm, main

# With something that each way of writing it writes differently.
SECRET = 'Schlüssel/7+"q &% Zx\\9'
WRONG = 'Gefälscht/8-"w &% Yv\\3'
SEND = 'action=addOrUpdateTask'
BAD_ANSWERS = ['malformed,' + SEND, 'cut-after,' + SEND, 'cut-before,' + SEND, SEND + ',raw=200:text/html:<p>Hello']
PLACES = ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'TMPDIR']


def sign(secret, target, body, date):
    """API.md §2."""
    text = 'POST' + hashlib.md5(body).hexdigest() + 'application/json' + target + '1.0' + 'ivvydate=' + date
    return hmac.new(secret.encode(), text.lower().encode(), hashlib.sha1).hexdigest()


def base64_inside(data):
    """What is the same of @data in base64 whatever stands before and behind it, in both alphabets."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b'\0' * before + data)[(before * 8 + 5) // 6:(before + len(data)) * 8 // 6]


def forms(text):
    data = text.encode()
    return [('plain', data), ('first half', data[:len(data) // 2]), ('second half', data[len(data) // 2:]),
            ('hex', data.hex().encode()), *(('base64', form) for form in base64_inside(data)),
            *(('quoted', quote(text, safe).encode()) for quote in (urllib.parse.quote, urllib.parse.quote_plus)
              for safe in ('', '/')),
            *((code, text.encode(code)) for code in ('utf-16-le', 'utf-16-be', 'latin-1')),
            *(('JSON', json.dumps(text, ensure_ascii=ascii)[1:-1].encode()) for ascii in (False, True))]


class Leaks:
    """Looks for secrets, and for the signatures of requests, in bytes; capitals or not."""

    def __init__(self, secrets, signatures=()):
        self.needles = {bytes.fromhex(signature).lower(): 'a signature as bytes' for signature in signatures}
        for kind, texts in (('a signature', signatures), ('a secret', secrets)):
            self.needles.update({form.lower(): '%s, %s' % (kind, name) for text in texts for name, form in forms(text)})

    def find(self, sources):
        """@sources: names and bytes. Returns where something leaks, and what."""
        return sorted({'%s: %s' % (name, what) for name, data in sources for hay in [data.lower()]
                       for needle, what in self.needles.items() if needle in hay})


def files_of(root):
    for path in pathlib.Path(root).rglob('*'):
        yield 'a file name', os.fsencode(path.name)
        if path.is_file():
            yield str(path.relative_to(root)), path.read_bytes()


def rows_of(root):
    """Opening a database may fold its -wal away: look at the files first."""
    for path in pathlib.Path(root).rglob('*.db'):
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.text_factory = bytes
            tables = db.execute('SELECT name FROM sqlite_schema WHERE type = ?', ('table',)).fetchall()
            for table in ['sqlite_schema'] + [name.decode() for (name,) in tables]:
                for row in db.execute('SELECT * FROM "%s"' % table):
                    yield 'row of ' + table, b'\0'.join(v if isinstance(v, bytes) else str(v).encode() for v in row)


def process_of(pid):
    """What others can see of a process; what the kernel shows to nobody leaks nothing."""
    with contextlib.suppress(PermissionError):
        for name in ('cmdline', 'environ'):
            yield name, pathlib.Path('/proc', str(pid), name).read_bytes()
        for path in pathlib.Path('/proc', str(pid), 'fd').iterdir():
            with contextlib.suppress(FileNotFoundError, PermissionError):  # closed meanwhile, or of another user
                if path.is_file():
                    yield 'open file ' + os.path.basename(os.readlink(path)), path.read_bytes()


def core_limits(limits):
    """Returns what of /proc/PID/limits allows a core file, which would hold the secret."""
    [line] = re.findall(rb'^Max core file size +(\S+) +(\S+)', limits, re.M)
    return ['%s: %s' % (name, value.decode()) for name, value in zip(('soft', 'hard'), line) if value != b'0']


class SecretCrm(Crm):
    def start(self):
        self.process = subprocess.Popen([PRACTICE, '--quiet', '--port', '0', '--state', self.state, '--secret', SECRET],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env=dict(os.environ, LC_ALL='C.UTF-8'))
        self.address = self.process.stdout.readline().strip()


class LeaksTest(CliCase):
    def setUp(self):
        super().setUp()
        self.crm.stop()
        self.crm = SecretCrm(self.folder)
        self.addCleanup(self.crm.stop)
        self.home = os.path.join(self.folder, 'home')  # the practice CRM's own file is not in it
        self.env.update(HOME=self.home, CRM_TASKS_ADDRESS=self.crm.address, CRM_TASKS_API_SECRET=SECRET,
                        G_MESSAGES_DEBUG='all')
        for name in PLACES:
            self.env[name] = os.path.join(self.home, name)
            os.makedirs(self.env[name], mode=0o700)
        self.sources = []

    def run_any(self, *command, status=0, env=None, words=None):
        done = subprocess.run(command, env=env or self.env, cwd=self.home, input=words, timeout=120,
                              capture_output=True)
        self.assertIn(done.returncode, [0, 1, 3] if status is None else [status], (command, done.stdout, done.stderr))
        self.sources += [('stdout', done.stdout), ('stderr', done.stderr)]
        return done.stdout

    def run_json(self, *args, status=0, env=None):
        out = self.run_any(CLI, *args, '--json', status=status, env=env).decode()  # debug messages around the JSON
        return json.JSONDecoder().raw_decode(out, re.search(r'^[\[{]', out, re.M).start())[0]

    def add_task(self, name, *args):
        return self.run_json('add', '--name', name, *DUE, *args)['localId']

    def look_around(self):
        self.sources += [*files_of(self.home), *rows_of(self.home)]

    def signatures(self):
        return [sign(secret, r['target'], r['body'].encode(), r['ivvyDate']) for secret in (SECRET, WRONG)
                for r in json.loads(self.crm.ask('/practice/requests')) if r['ivvyDate']]

    def leaks(self):
        return Leaks([SECRET, WRONG], self.signatures())

    def hold_sync(self):
        """Starts one that waits for the CRM's answer."""
        self.add_task('Held')
        self.crm.fault('delay=600000,' + SEND)
        out = tempfile.TemporaryFile()
        self.addCleanup(out.close)
        sync = subprocess.Popen([CLI, 'sync', '--json'], env=self.env, cwd=self.home, stdout=out, stderr=out)
        self.addCleanup(sync.wait)
        self.addCleanup(sync.kill)
        end = time.monotonic() + 60
        while 'Held' not in [body['name'] for body in self.crm.bodies()]:
            self.assertTrue(sync.poll() is None and time.monotonic() < end)
        return sync

    # The program

    def test_whole_session(self):
        good = self.add_task('Überprüfung', '--description', 'Text', '--lead', '2665')
        bad = self.add_task('Bad', '--lead', '99999')
        self.assertEqual(self.run_json('sync', status=1)['failed'], 1)
        for fault in BAD_ANSWERS:
            self.crm.fault(fault)
            self.add_task(fault)
            self.run_any(CLI, 'sync', '--settle', '1', status=None)
        self.run_any(CLI, 'sync', '--settle', '1', status=1)
        self.assertEqual([task['syncState'] for task in self.run_json('list')].count('synced'), 1 + len(BAD_ANSWERS))

        self.add_task('Refused')
        wrong = dict(self.env, CRM_TASKS_API_SECRET=WRONG)
        self.assertEqual(self.run_json('sync', status=3, env=wrong)['paused'], 'account')
        self.run_any(CLI, 'account', 'test', status=3, env=wrong)
        self.look_around()
        self.assertEqual(self.run_json('sync', status=1)['sent'], 1)
        for args in (['account', 'test'], ['account', 'show'], ['status'], ['list'], ['show', str(good)],
                     ['show', str(bad)], ['show', '77'], ['sync', '--nonsense']):
            for more in ([], ['--json']):
                self.run_any(CLI, *args, *more, status=2 if args[1:] in (['77'], ['--nonsense']) else 0)

        # Killed, it leaves its -wal.
        sync = self.hold_sync()
        self.sources += process_of(sync.pid)
        sync.kill()
        sync.wait()
        self.look_around()
        self.run_any(CLI, 'list')

        # There is no keyring here; the account is kept all the same, and its secret is not.
        none = {name: value for name, value in self.env.items() if not name.startswith('CRM_TASKS')}
        self.run_any(CLI, 'account', 'set', '--address', self.crm.address, '--key', 'practice', env=none,
                     words=SECRET.encode(), status=3)
        self.look_around()

        self.assertEqual(self.leaks().find(self.sources), [])
        names = {os.path.basename(name) for name, data in self.sources if data}
        self.assertLessEqual({'row of task', 'row of attempt', 'accounts.ini', 'tasks.db', 'tasks.db-wal'}, names)
        self.assertIn(b'DEBUG', b''.join(data for name, data in self.sources if name == 'stdout'))

    def test_while_it_sends(self):
        sync = self.hold_sync()
        seen = dict(process_of(sync.pid))
        self.assertEqual(self.leaks().find([*seen.items(), *files_of(self.home)]), [])
        self.assertEqual(seen['cmdline'], b'\0'.join([CLI.encode(), b'sync', b'--json', b'']))
        if 'environ' in seen:
            self.assertIn(b'HOME=', seen['environ'])
            self.assertEqual(re.findall(rb'CRM_TASKS_[A-Z_]*=[^\0]+', seen['environ']), [])
            self.assertLessEqual({'open file tasks.db', 'open file tasks.db-wal'}, set(seen))

    def test_no_core_file(self):
        limits = pathlib.Path('/proc', str(self.hold_sync().pid), 'limits')
        self.assertEqual(core_limits(limits.read_bytes()), [])

    def test_bodies_only_when_asked_for(self):
        quiet = {name: value for name, value in self.env.items() if name != 'G_MESSAGES_DEBUG'}
        for env, is_told in ((quiet, None), (self.env, False), (dict(self.env, CRM_TASKS_LOG_BODIES='1'), True)):
            self.add_task('Between us', '--description', 'and nobody else')
            done = subprocess.run([CLI, 'sync', '--json'], env=env, cwd=self.home, capture_output=True, timeout=60)
            said = done.stdout + done.stderr
            self.assertNotIn(b'Between us', said)
            self.assertNotIn(b'nobody else', said)
            self.assertEqual(b'POST addOrUpdateTask: accepted, status 200' in said, is_told is not None)
            self.assertEqual(b'"name":"(10 characters)"' in said, is_told is True)
            if is_told is None:
                self.assertEqual(done.stderr, b'')

    # The search

    def assert_found(self, sources, *places):
        self.assertEqual({place.split(': ')[0] for place in self.leaks().find(sources)}, set(places))

    def write(self, data, *names):
        with open(os.path.join(self.home, *names), 'ab') as opened:
            opened.write(data)
        return opened.name

    def child(self, code, *args, secret=''):
        """A process that does @code and waits."""
        child = subprocess.Popen([sys.executable, '-c', code + '\nprint(flush=True)\ninput()', *args], text=True,
                                 env=dict(self.env, CRM_TASKS_API_SECRET=secret), stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(child.communicate, '\n')
        self.assertEqual(child.stdout.readline(), '\n')
        return child.pid

    def test_signs_as_the_crm_does(self):
        target, date = '/api/1.0/test?action=ping', time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())
        for secret, word in ((SECRET, b'pong'), (WRONG, b'401')):
            request = urllib.request.Request(self.crm.address + target, data=b'{}', headers={
                'Content-Type': 'application/json', 'Content-MD5': hashlib.md5(b'{}').hexdigest(), 'IVVY-Date': date,
                'X-Api-Version': '1.0', 'X-Api-Authorization': 'IWS practice:' + sign(secret, target, b'{}', date)})
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.assertIn(word, answer.read())

    def test_finds_words(self):
        for stream in ('stdout', 'stderr'):
            self.run_any(sys.executable, '-c', 'import sys; sys.%s.write(input())' % stream, words=SECRET.encode())
            self.assert_found(self.sources[-2:], stream)

    def test_finds_files(self):
        self.run_any(CLI, 'account', 'test')
        self.add_task('Written')
        self.assert_found(files_of(self.home))
        signature = self.signatures()[0]
        for _, form in [('', bytes.fromhex(signature)), *forms(SECRET), *forms(WRONG), *forms(signature)]:
            stray = self.write(b'xy' + form + b'z', '.stray')
            self.assert_found(files_of(self.home), '.stray')
            os.remove(stray)
        self.write(b'', signature)
        self.write(b'secret=' + SECRET.encode(), 'XDG_DATA_HOME', 'crm-tasks', 'accounts.ini')
        self.assert_found(files_of(self.home), 'a file name', 'XDG_DATA_HOME/crm-tasks/accounts.ini')

    def test_finds_rows(self):
        self.add_task('Stored')
        [path] = pathlib.Path(self.home).rglob('tasks.db')
        name = str(path.relative_to(self.home))
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.executescript('PRAGMA wal_autocheckpoint = 0; CREATE TABLE words (v); CREATE TABLE bytes (v)')
            db.execute('INSERT INTO words VALUES (?)', (SECRET,))
            db.execute('INSERT INTO bytes VALUES (?)', (WRONG.encode('utf-16-le'),))
            db.commit()
            self.assert_found(files_of(self.home), name + '-wal')
            self.assert_found(rows_of(self.home), 'row of words', 'row of bytes')
        self.assert_found(files_of(self.home), name)

    def test_finds_processes(self):
        self.assert_found(process_of(self.child('')))
        self.assert_found(process_of(self.child('', SECRET)), 'cmdline')
        self.assert_found(process_of(self.child('', secret=SECRET)), 'environ')
        path = self.write(SECRET.encode(), 'gone')
        pid = self.child('import os, sys; opened = open(sys.argv[1]); os.remove(sys.argv[1])', path)
        self.assert_found(process_of(pid), 'open file gone (deleted)')

    def test_finds_core_limits(self):
        pid = self.child('from resource import *; setrlimit(RLIMIT_CORE, (0, getrlimit(RLIMIT_CORE)[1]))')
        limits = pathlib.Path('/proc', str(pid), 'limits').read_bytes()
        for words, wrong in ((b'0 0', []), (b'0 unlimited', ['hard: unlimited']), (b'1 9', ['soft: 1', 'hard: 9'])):
            self.assertEqual(core_limits(re.sub(rb'(?m)^(Max core file size) .*', rb'\1 ' + words, limits)), wrong)
        hard = re.search(rb'Max core file size +0 +(\S+)', limits).group(1).decode()
        self.assertEqual(core_limits(limits), [] if hard == '0' else ['hard: ' + hard])


if __name__ == '__main__':
    main(LeaksTest)
