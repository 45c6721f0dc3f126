#!/usr/bin/env python3
# test_desktop.py: the program as its desktop has it: started by the bus, alone, without a window, and ended
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs inside build-aux/with-display, on whose bus the program is found and started.

import os
import signal
import subprocess
import sys
import time

try:
    import gi
    gi.require_version('Gio', '2.0')
    from gi.repository import Gio, GLib
except (ImportError, ValueError) as missing:
    print('1..0 # SKIP %s' % missing)
    sys.exit(0)

from cli_bench import CliCase, main

PROGRAM = os.environ['CRM_TASKS']
NAME = 'org.example.CrmTasks'
PATH = '/org/example/CrmTasks'
PATIENCE = 60  # seconds; only a failure takes as long


def services_folder():
    """Where the bus of with-display looks for what it can start."""
    path = os.environ['DBUS_SESSION_BUS_ADDRESS'].split('path=')[1].split(',')[0]
    return os.path.join(os.path.dirname(path), 'services')


class DesktopTest(CliCase):
    def setUp(self):
        super().setUp()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        config = os.path.join(self.folder, 'config')
        for name in ('DISPLAY', 'XDG_RUNTIME_DIR', 'GDK_BACKEND', 'GSK_RENDERER', 'GSETTINGS_SCHEMA_DIR', 'XDG_DATA_DIRS',
                     'DBUS_SESSION_BUS_ADDRESS'):
            self.env[name] = os.environ[name]
        self.env.update({'GSETTINGS_BACKEND': 'keyfile', 'GTK_A11Y': 'none', 'XDG_CONFIG_HOME': config,
                         'CRM_TASKS_PRACTICE_EMPTY': '1'})
        self.settings = os.path.join(config, 'glib-2.0', 'settings', 'keyfile')
        os.makedirs(os.path.dirname(self.settings))
        self.processes = []
        self.addCleanup(self.end_all)

    def end_all(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        owner = self.owner()
        if owner:
            os.kill(owner, signal.SIGKILL)
        self.wait_for('the name to be free', lambda: not self.owner())

    # The desktop's side

    def call(self, path, interface, method, arguments, name=NAME):
        return self.bus.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, -1, None)

    def owner(self):
        """The process that has the program's name, or None."""
        try:
            return self.call('/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID', GLib.Variant('(s)', (NAME,)),
                             'org.freedesktop.DBus').unpack()[0]
        except GLib.Error:
            return None

    def has_window(self):
        try:
            # Introspection starts nothing: who has no name is not asked.
            return self.owner() and 'name="window"' in self.call(
                PATH, 'org.freedesktop.DBus.Introspectable', 'Introspect', None).unpack()[0] and 'node name="1"' in self.call(
                PATH + '/window', 'org.freedesktop.DBus.Introspectable', 'Introspect', None).unpack()[0]
        except GLib.Error:
            return False

    def activate(self, action, *arguments):
        self.call(PATH, 'org.freedesktop.Application', 'ActivateAction',
                  GLib.Variant('(sava{sv})', (action, list(arguments), {})))

    def wait_for(self, what, look):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.02)
        self.fail('waited in vain for ' + what)

    def go_on_without_window(self):
        with open(self.settings, 'w') as file:
            file.write('[org/example/CrmTasks]\nrun-in-background=true\n')

    def start(self, *args):
        process = subprocess.Popen([PROGRAM, *args], env=self.env)
        self.processes.append(process)
        self.wait_for('the program on the bus', lambda: self.owner() == process.pid)
        return process

    def start_service(self):
        return self.start('--gapplication-service')

    def wait_state(self, local_id, state):
        return self.wait_for('task %d to be %s' % (local_id, state),
                             lambda: self.task(local_id)['syncState'] == state)

    # What is promised

    def test_started_by_the_bus(self):
        variables = ' '.join('%s=%s' % (name, value) for name, value in self.env.items() if ' ' not in value)
        path = os.path.join(services_folder(), NAME + '.service')
        with open(path, 'w') as file:
            file.write('[D-BUS Service]\nName=%s\nExec=/usr/bin/env %s %s --gapplication-service\n'
                       % (NAME, variables, PROGRAM))
        self.addCleanup(os.remove, path)
        self.call('/', 'org.freedesktop.DBus', 'ReloadConfig', None, 'org.freedesktop.DBus')
        self.assertIsNone(self.owner())
        self.activate('new-task')
        self.wait_for('its window', self.has_window)

    def test_is_alone(self):
        first = self.start()
        self.wait_for('its window', self.has_window)
        second = subprocess.run([PROGRAM, '--new-task'], env=self.env, timeout=PATIENCE)
        self.assertEqual(second.returncode, 0)
        self.assertEqual(self.owner(), first.pid)

    def test_sends_without_a_window(self):
        self.go_on_without_window()
        process = self.start_service()
        local_id = self.add('Written while no window is open')
        self.wait_state(local_id, 'synced')
        self.assertFalse(self.has_window())
        self.assertEqual(self.owner(), process.pid)
        self.activate('quit')
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_practising_is_asked_for_meanwhile(self):
        self.go_on_without_window()
        self.start_service()
        subprocess.run([PROGRAM, '--practice'], env=self.env, timeout=PATIENCE, check=True)
        self.wait_for('its window', self.has_window)
        accounts = os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks')
        self.wait_for('the practice CRM', lambda: any(name == 'practice.json' or name.startswith('practice')
                                                      for _, _, names in os.walk(accounts) for name in names))

    def test_without_the_wish_only_a_window_keeps_it(self):
        process = self.start_service()
        self.activate('show-window')
        self.wait_for('its window', self.has_window)
        self.activate('quit')
        self.wait_for('the window to go', lambda: not self.has_window())
        self.assertEqual(process.wait(PATIENCE), 0)

    def end_while_sending(self, number):
        self.go_on_without_window()
        process = self.start_service()
        self.crm.fault('delay=1500,action=addOrUpdateTask')
        local_id = self.add('Under way when the person signs out')
        self.wait_state(local_id, 'sending')
        process.send_signal(number)
        self.assertEqual(process.wait(PATIENCE), 0)
        task = self.task(local_id)
        self.assertEqual(task['syncState'], 'synced')
        self.assertIn(task['id'], [t['id'] for t in self.crm.tasks()])

    def test_ended_by_the_desktop(self):
        self.end_while_sending(signal.SIGTERM)

    def test_ended_with_its_terminal(self):
        self.end_while_sending(signal.SIGHUP)

    def test_ended_with_a_window(self):
        process = self.start('--new-task')
        self.wait_for('its window', self.has_window)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)


if __name__ == '__main__':
    main(DesktopTest)
