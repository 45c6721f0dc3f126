# sandbox.py: a session with portals, and the program in its sandbox
#
# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 60  # seconds; only a failure takes as long


def wait_for(what, look):
    """What look() gives, as soon as it is something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f'waited in vain for {what}')


def read(path):
    with open(path, encoding='utf-8', errors='replace') as opened:
        return opened.read()


class Session:
    """Starts what a desktop's session would have started, and ends all of it."""

    def __init__(self, folder):
        self.folder = folder
        self.running = contextlib.ExitStack()

    def log(self, name):
        return os.path.join(self.folder, name + '.log')

    def start(self, name, *command, stdin=subprocess.DEVNULL, stdout=None, env=None):
        """Starts command; what it says goes to its log, or standard output to a pipe."""
        log = self.running.enter_context(open(self.log(name), 'ab'))
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout or log, stderr=log, env=env)
        self.running.callback(end, process)
        return process

    def provide(self, bus_name, *command, **options):
        """Starts command, which takes bus_name."""
        process = self.start(bus_name, *command, **options)
        if process.stdin is not None:
            process.stdin.write(b'\n')  # no password; an empty input would be none
            process.stdin.close()
        waiting = subprocess.run(['gdbus', 'wait', '--session', '--timeout', str(PATIENCE), bus_name], check=False)
        if waiting.returncode != 0 or process.poll() is not None:
            raise AssertionError(f'{bus_name} did not start:\n{read(self.log(bus_name))}')
        return process

    def start_services(self):
        libexec = '/usr/libexec/'
        self.provide('org.freedesktop.Notifications', sys.executable, '-u', '-m', 'dbusmock',
                     '--template', 'notification_daemon')
        self.provide('org.freedesktop.secrets', 'gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets',
                     '--control-directory=' + os.path.join(self.folder, 'keyring'), stdin=subprocess.PIPE)
        self.provide('org.freedesktop.impl.portal.PermissionStore', libexec + 'xdg-permission-store')
        self.provide('org.freedesktop.impl.portal.desktop.gtk', libexec + 'xdg-desktop-portal-gtk')
        self.provide('org.freedesktop.impl.portal.desktop.gnome', libexec + 'xdg-desktop-portal-gnome')
        self.provide('org.freedesktop.portal.Flatpak', libexec + 'flatpak-portal')
        self.provide('org.freedesktop.portal.Desktop', libexec + 'xdg-desktop-portal')
        self.start('calls', 'dbus-monitor', '--session', '--profile', "type='method_call'")

    def wait_for_call(self, interface, method):
        """Waits until somebody on the bus called it, if that was not yet."""
        wait_for(f'a call of {interface}.{method}', lambda: f'{interface}\t{method}\n' in read(self.log('calls')))


def end(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


@contextlib.contextmanager
def session():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix='crm-tasks-session-') as folder:
        os.mkdir(os.path.join(folder, 'keyring'), 0o700)
        it = Session(folder)
        with it.running:
            it.start_services()
            yield it


class Program:
    """The installed Flatpak."""

    def __init__(self, session, app_id):
        self.session = session
        self.app_id = app_id
        # Those are for the tests on this display: the sandbox is to have what it has for everybody.
        ours = ('GDK_BACKEND', 'GSETTINGS_BACKEND', 'GSK_RENDERER')
        self.env = {name: value for name, value in os.environ.items() if name not in ours}
        self.data = os.path.join(os.environ['HOME'], '.var/app', app_id)

    def command(self, program, *args, env=()):
        return ['flatpak', 'run', '--user', '--die-with-parent', *('--env=' + pair for pair in env), '--command=' + program,
                self.app_id, *args]

    def run(self, program, *args, status=0, **options):
        """Runs program in the sandbox; what it printed. A status other than the one named is an error, None takes any."""
        env = options.pop('env', ())
        done = subprocess.run(self.command(program, *args, env=env), env=self.env, capture_output=True, text=True,
                              timeout=PATIENCE, stdin=None if 'input' in options else subprocess.DEVNULL, check=False, **options)
        if status is not None and done.returncode != status:
            raise AssertionError(f'{program} {args} ended with {done.returncode}:\n{done.stdout}{done.stderr}')
        return done.stdout

    def fails(self, program, *args):
        """What program says when it fails, as it must."""
        done = subprocess.run(self.command(program, *args), env=self.env, capture_output=True, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            raise AssertionError(f'{program} {args} did not fail:\n{done.stdout}')
        return done.stderr

    def start(self, name, program, *args, **options):
        """Starts program in the sandbox; it is ended with the session."""
        env = options.pop('env', ())
        return self.session.start(name, *self.command(program, *args, env=env), env=self.env, **options)
