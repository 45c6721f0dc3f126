#!/usr/bin/env python3
# test_keyring.py: the secret in a real keyring, on a session bus of its own
#
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import shutil
import subprocess
import time

from cli_bench import CLI, DUE, SECRET, CliCase, main


ASK_COLLECTION = ['gdbus', 'call', '--session', '--dest=org.freedesktop.secrets',
                  '--object-path=/org/freedesktop/secrets/collection/login',
                  '--method=org.freedesktop.DBus.Properties.Get', 'org.freedesktop.Secret.Collection', 'Locked']


# The system's configuration would start a keyring of the person's by itself.
BUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'build-aux', 'session.conf')


class KeyringTest(CliCase):
    def setUp(self):
        super().setUp()
        if shutil.which('gnome-keyring-daemon') is None or shutil.which('dbus-daemon') is None:
            self.skipTest('gnome-keyring-daemon is not installed')
        for name in ('CRM_TASKS_ADDRESS', 'CRM_TASKS_API_KEY', 'CRM_TASKS_API_SECRET'):
            del self.env[name]
        runtime = os.path.join(self.folder, 'runtime')
        os.mkdir(runtime, 0o700)
        self.env.update(XDG_RUNTIME_DIR=runtime, GIO_USE_VFS='local')
        self.start_bus()

    def spawn(self, *args, env=None, **kwargs):
        process = subprocess.Popen(args, env=env or self.env, **kwargs)

        def stop():
            process.terminate()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        self.addCleanup(stop)
        return process

    def start_bus(self):
        config = os.path.join(self.folder, 'session.conf')
        shutil.copy(BUS, config)
        os.mkdir(os.path.join(self.folder, 'services'))
        bus = self.spawn('dbus-daemon', '--config-file=' + config, '--nofork', '--nopidfile', '--print-address',
                         '--address=unix:dir=' + self.env['XDG_RUNTIME_DIR'], stdout=subprocess.PIPE, text=True)
        self.env['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().strip()

    def start_keyring(self, password):
        keyring = self.spawn('gnome-keyring-daemon', '--foreground', '--components=secrets', '--unlock',
                             '--control-directory=' + self.env['XDG_RUNTIME_DIR'],
                             env=dict(self.env, XDG_DATA_HOME=os.path.join(self.folder, 'keyring')),
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        keyring.stdin.write(password.encode())
        keyring.stdin.close()
        subprocess.run(['gdbus', 'wait', '--session', '--timeout', '30', 'org.freedesktop.secrets'], env=self.env, check=True)
        # It has its name before it has made its first collection.
        deadline = time.monotonic() + 30
        while subprocess.run(ASK_COLLECTION, env=self.env, capture_output=True).returncode != 0:
            self.assertLess(time.monotonic(), deadline)
        return keyring

    def set_account(self, status=0):
        done = subprocess.run([CLI, 'account', 'set', '--address', self.crm.address, '--key', 'practice'], env=self.env,
                              input=SECRET.encode() + b'\n', capture_output=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        return done

    def assert_in_no_file(self):
        for folder, _, names in os.walk(self.env['XDG_DATA_HOME']):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as opened:
                    self.assertNotIn(SECRET.encode(), opened.read(), name)

    def test_kept(self):
        self.start_keyring('open sesame')
        self.set_account()
        self.assertTrue(self.read('account', 'test')['ok'])
        self.add('Signed with what the keyring holds')
        self.assertEqual(self.read('sync')['sent'], 1)
        self.assert_in_no_file()

    def test_locked(self):
        keyring = self.start_keyring('open sesame')
        self.set_account()
        keyring.terminate()
        keyring.wait()
        self.start_keyring('a wrong one')
        task = self.add('Written while it is locked')
        done = self.run_cli('sync', status=3)
        self.assertIn('keyring', done.stderr.decode())
        self.assertEqual(self.task(task)['syncState'], 'queued')
        self.assert_in_no_file()

    def test_no_keyring(self):
        done = self.set_account(status=3)
        self.assertIn('keyring', done.stderr.decode())
        task = self.add('Kept all the same')
        self.run_cli('sync', status=3)
        self.assertEqual(self.task(task)['syncState'], 'queued')
        self.assert_in_no_file()
        self.start_keyring('open sesame')
        self.set_account()
        self.assertEqual(self.read('sync')['sent'], 1)


if __name__ == '__main__':
    main(KeyringTest)
