#!/usr/bin/env python3
# test_start.py: what a command loads, and that the program which needs more goes on as the one that was started
#
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from cli_bench import CLI, DUE, SECRET, CliCase, main

WIRE = os.environ['CRM_TASKS_WIRE']
WIRE_FOLDER = os.environ['CRM_TASKS_WIRE_FOLDER']  # where it is installed, seen from the other's folder
# HTTP, TLS, the keyring and the calendar, what they bring along, and what GIO loads by itself for a file or a host.
HEAVY = re.compile(r'lib(soup|secret|ical|icu|gnutls|gcrypt|nghttp2|psl|gssapi|krb5|idn2|hogweed|p11-kit|proxy|brotli)[^\s/]*|\S*/gio/modules/\S+')


class StartTest(CliCase):
    def loaded(self, *args, status=0, env=None):
        """Returns what of HEAVY the dynamic linker dealt with, in the whole run of a command."""
        log = os.path.join(self.folder, 'loaded')
        self.run_cli(*args, status=status, env=dict(env or self.env, LD_DEBUG='files', LD_DEBUG_OUTPUT=log))
        text = ''
        for path in pathlib.Path(self.folder).glob('loaded.*'):
            text += path.read_text(errors='replace')
            path.unlink()
        self.assertIn('libsqlite3', text)
        return {match.group(0) for match in HEAVY.finditer(text)}

    def hold_sync(self):
        """Starts one that waits for the CRM's answer."""
        self.crm.fault('delay=1500,action=addOrUpdateTask')
        sync = subprocess.Popen([CLI, 'sync', '--json'], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(sync.communicate)
        end = time.monotonic() + 60
        while not self.crm.bodies():
            self.assertTrue(sync.poll() is None and time.monotonic() < end)
        return sync

    def copy(self, program, *folder):
        """Puts a program into a folder of its own."""
        to = os.path.join(self.folder, *folder)
        os.makedirs(to, exist_ok=True)
        return shutil.copy(program, to)

    def run_copy(self, program, *args, status):
        done = subprocess.run([program, *args], env=self.env, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, status, (args, done.stdout, done.stderr))
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        return done

    # What is loaded

    def test_linked(self):
        for program, is_heavy in ((CLI, False), (WIRE, True)):
            linked = subprocess.run([program], env=dict(self.env, LD_TRACE_LOADED_OBJECTS='1'), capture_output=True, text=True,
                                    check=True).stdout
            self.assertIn('libsqlite3', linked)
            self.assertEqual(HEAVY.search(linked) is not None, is_heavy, (program, linked))

    def test_add_loads_nothing_heavy(self):
        add = ['add', '--name', 'Light', *DUE]
        stored = {name: value for name, value in self.env.items() if not name.startswith('CRM_TASKS_')}
        self.assertEqual(self.loaded(*add), set())  # makes account and database
        self.assertEqual(self.loaded(*add), set())
        self.assertEqual(self.loaded(*add, '--json'), set())
        self.assertEqual(self.loaded(*add, env=stored), set())
        self.assertEqual(self.loaded(*add, '--practice', env=stored), set())
        self.assertEqual(self.loaded('add', '--name', '', *DUE, status=2), set())

    def test_what_stays_here_loads_nothing_heavy(self):
        for i in range(3):
            self.add('Task %d' % i, '--draft')
        for args in (['edit', '1', '--lead', '2665'], ['submit', '1', '2'], ['discard', '2'], ['resubmit', '--all'], ['list'],
                     ['show', '1'], ['status'], ['account', 'show'], ['--help'], ['sync-all']):
            self.assertEqual(self.loaded(*args, status=2 if args == ['sync-all'] else 0), set(), args)
        self.assertEqual(self.loaded('settle', '1', '--send-again', status=2), set())

    def test_the_rest_does(self):
        self.add('Sent')
        for args, status in ((['sync'], 0), (['pull'], 0), (['account', 'test'], 0), (['account', 'set'], 2)):
            self.assertTrue([name for name in self.loaded(*args, status=status) if name.startswith('libsoup')], args)

    # The same process goes on

    def test_same_process(self):
        self.add('Held')
        sync = self.hold_sync()
        proc = pathlib.Path('/proc', str(sync.pid))
        self.assertEqual(os.path.realpath(proc / 'exe'), os.path.realpath(WIRE))
        self.assertEqual((proc / 'cmdline').read_bytes(), b'\0'.join([CLI.encode(), b'sync', b'--json', b'']))
        self.assertEqual((proc / 'comm').read_text(), 'crm-tasks-cli\n')
        self.assertNotIn(SECRET.encode(), (proc / 'environ').read_bytes())
        self.assertEqual(json.loads(sync.communicate(timeout=60)[0])['sent'], 1)
        self.assertEqual(sync.returncode, 0)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            first = self.add('Waited for')
            sync = self.hold_sync()
            later = self.add('Not begun')
            sync.send_signal(number)
            out, _ = sync.communicate(timeout=60)
            self.assertEqual((sync.returncode, json.loads(out)['waiting']), (3, 1))
            self.assertEqual([self.task(task)['syncState'] for task in (first, later)], ['synced', 'queued'])
            self.read('sync')
            self.crm.stop()
            self.crm.start()

    def test_statuses_and_streams(self):
        none = {name: value for name, value in self.env.items() if not name.startswith('CRM_TASKS_')}
        for args, status, words in ((['sync', '--nonsense'], 2, 'nonsense'), (['sync', '--timeout', 'x'], 2, '--timeout'),
                                    (['account'], 2, 'account set'), (['account', 'forget'], 2, 'account set'),
                                    (['account', 'set', '--address', 'https://crm.example.com', '--key', 'k'], 2, 'standard input')):
            done = self.run_cli(*args, status=status)
            self.assertEqual(done.stdout, b'')
            self.assertIn(words, done.stderr.decode())
        self.run_cli('sync', env=none, status=3)
        bad = dict(self.env, XDG_DATA_HOME=os.path.join(self.folder, 'practice.json', 'data'))
        self.run_cli('sync', env=bad, status=4)
        usage = self.run_cli('sync', '--help')
        self.assertEqual(usage.stderr, b'')
        self.assertRegex(usage.stdout.decode().splitlines()[1], r'^  crm-tasks-cli \[')
        before = self.run_cli('--json', 'sync')
        self.assertEqual(json.loads(before.stdout)['sent'], 0)

    def test_started_through_a_link(self):
        link = os.path.join(self.folder, 'tasks')
        os.symlink(CLI, link)
        self.assertEqual(json.loads(self.run_copy(link, 'sync', '--json', status=0).stdout)['sent'], 0)
        done = subprocess.run(['tasks', 'sync', '--json'], env=dict(self.env, PATH=self.folder), capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    # Where it is

    def test_missing(self):
        alone = self.copy(CLI, 'usr', 'bin')
        self.run_copy(alone, 'add', '--name', 'Kept', *DUE, status=0)
        for args in (['sync'], ['pull', '--json'], ['account', 'test'], ['account', 'set', '--address', self.crm.address, '--key', 'k']):
            done = self.run_copy(alone, *args, status=3)
            self.assertEqual(done.stdout, b'')
            self.assertIn('crm-tasks-cli-wire', done.stderr.decode())
        self.assertEqual(self.read('status')['counts']['queued'], 1)

    def test_beside(self):
        program = self.copy(CLI, 'one')
        self.copy(WIRE, 'one')
        self.run_copy(program, 'sync', status=0)

    def test_installed_elsewhere(self):
        if os.path.isabs(WIRE_FOLDER):
            self.skipTest('it is configured to be in one place alone')
        program = self.copy(CLI, 'moved', 'to', 'a', 'bin')
        self.copy(WIRE, 'moved', 'to', 'a', 'bin', WIRE_FOLDER)
        self.run_copy(program, 'sync', status=0)


if __name__ == '__main__':
    main(StartTest)
