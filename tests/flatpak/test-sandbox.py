#!/usr/bin/env python3
# test-sandbox.py: the installed Flatpak does its work in its sandbox, and can't do more than that
#
# Usage: test-sandbox.py APP-ID FOLDER-FOR-PICTURES. Runs inside build-aux/with-display, with a HOME of its own.
#
# SPDX-License-Identifier: GPL-3.0-or-later

import datetime
import glob
import json
import os
import secrets
import subprocess
import sys
import traceback

from sandbox import Program, end, read, session, wait_for
from window import count_at, find_window, give_focus_to_none, has_counts, is_active, says, take_picture

# All that it may do, in the words of `flatpak info --show-permissions`. x11 stands there for a flatpak that does not know
# fallback-x11 yet; all others take it away where there is Wayland.
PERMISSIONS = '''\
[Context]
shared=network;ipc;
sockets=x11;wayland;fallback-x11;
devices=dri;
'''
EXPORTS = ('applications/{}.desktop', 'dbus-1/services/{}.service', 'icons/hicolor/scalable/apps/{}.svg',
           'icons/hicolor/symbolic/apps/{}-symbolic.svg')
LOCALES = {'ar': 'ar_EG', 'de': 'de_DE', 'es': 'es_ES', 'fr': 'fr_FR', 'ja': 'ja_JP'}
LINGUAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../po/LINGUAS')
DUE = ('--due', (datetime.date.today() + datetime.timedelta(days=1)).isoformat() + ' 17:00')
ACCESS_DENIED = ('ServiceUnknown', 'AccessDenied', 'NameHasNoOwner')


def expect(is_so, words):
    if not is_so:
        raise AssertionError(words)


def permissions(program):
    """it may do exactly what it needs"""
    said = subprocess.run(['flatpak', 'info', '--user', '--show-permissions', program.app_id], check=True, capture_output=True,
                          text=True).stdout
    expect(said.strip() == PERMISSIONS.strip(), said)


def exports(program):
    """the desktop gets to see it: its entry, its name on the bus and its icons"""
    for name in EXPORTS:
        path = os.path.join(os.environ['FLATPAK_USER_DIR'], 'exports/share', name.format(program.app_id))
        expect(os.path.exists(path), path)


def programs(program):
    """each of its programs is there and starts"""
    program.run('crm-tasks-cli', '--help')
    program.run('crm-tasks-practice', '--help')
    program.run('/app/libexec/crm-tasks-cli-wire', '--help')
    program.run('crm-tasks', '--help')


def main_job(program):
    """a task is sent and gets its id; a refused one says why, is corrected, and is sent"""
    def cli(*args, status=0):
        return program.run('crm-tasks-cli', *args, '--practice', status=status)

    def task(local_id):
        return json.loads(cli('show', local_id, '--json'))

    good = cli('add', '--name', 'Call the caterer', *DUE, '--lead', '2665').strip()
    bad = cli('add', '--name', 'Send the plan', *DUE, '--lead', '99999').strip()
    cli('sync', status=1)
    expect(task(good)['syncState'] == 'synced' and task(good)['id'] > 0, task(good))
    expect(task(bad)['syncState'] == 'failed' and task(bad)['id'] is None, task(bad))
    expect(task(bad)['error']['specificCode'] == 24395, task(bad))
    row = next(line for line in cli('list').splitlines() if 'Send the plan' in line)
    expect('Needs attention' in row and '24395' in cli('show', bad), row)

    cli('edit', bad, '--lead', '2665')
    cli('resubmit', bad)
    cli('sync')
    expect(task(bad)['syncState'] == 'synced' and task(bad)['id'] > 0, task(bad))
    expect(task(bad)['id'] != task(good)['id'], task(bad))


def data(program):
    """what it keeps is in the sandbox's own folders"""
    expect(glob.glob(os.path.join(program.data, 'data/crm-tasks/*/tasks.db')), list(os.walk(program.data)))
    expect(not os.path.exists(os.path.join(os.environ['XDG_DATA_HOME'], 'crm-tasks')), 'it wrote into the home folder')


def home(program):
    """the home folder can't be read"""
    marker = os.path.join(os.environ['HOME'], 'marker')
    with open(marker, 'w', encoding='utf-8') as opened:
        opened.write('not for everybody')
    said = program.fails('cat', marker)
    expect('No such file' in said, said)
    seen = program.run('ls', '-A', os.environ['HOME']).split()
    expect(seen == ['.var'], seen)


def secret(program):
    """the secret goes through the Secret portal, and another process reads it back"""
    password = secrets.token_hex(16)
    crm = program.start('crm', 'crm-tasks-practice', '--secret', password, stdout=subprocess.PIPE)
    address = crm.stdout.readline().decode().strip()
    expect(address, read(program.session.log('crm')))
    program.run('crm-tasks-cli', 'account', 'set', '--address', address, '--key', 'practice', input=password + '\n')
    program.run('crm-tasks-cli', 'account', 'test')
    program.run('crm-tasks-cli', 'add', '--name', 'Signed with what the keyring holds', *DUE, '--lead', '2665')
    expect(json.loads(program.run('crm-tasks-cli', 'sync', '--json'))['sent'] == 1, 'not sent')

    program.session.wait_for_call('org.freedesktop.portal.Secret', 'RetrieveSecret')
    keyring = os.path.join(program.data, 'data/keyrings/default.keyring')
    expect(os.path.getsize(keyring) > 0, 'no keyring')
    for folder, _, names in os.walk(os.path.join(os.environ['HOME'], '.var')):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as opened:
                    expect(password.encode() not in opened.read(), path)


def keyring(program):
    """the person's keyring itself is out of reach"""
    said = program.fails('gdbus', 'introspect', '--session', '--dest', 'org.freedesktop.secrets', '--object-path',
                         '/org/freedesktop/secrets')
    expect(any(name in said for name in ACCESS_DENIED), said)


def window(program):
    """the window shows its tasks, and asks the portal for the network's state"""
    program.window = program.start('window', 'crm-tasks', '--practice')
    shown = wait_for('the window', find_window)
    wait_for('the tasks of the CRM', lambda: count_at(shown, 'Sent') > 2)
    wait_for('those written before', lambda: says(shown, 'Send the plan'))
    take_picture(os.path.join(program.pictures, 'window.png'))
    program.session.wait_for_call('org.freedesktop.portal.NetworkMonitor', 'GetStatus')


def notification(program):
    """a task that is refused behind the person's back is told of through the Notification portal"""
    shown = find_window()
    give_focus_to_none()
    wait_for('the window to be behind', lambda: is_active(shown) is False)
    program.run('crm-tasks-cli', 'add', '--practice', '--name', 'Refused again', *DUE, '--lead', '99999')
    log = program.session.log('org.freedesktop.Notifications')
    line = wait_for('the notification',
                    lambda: next((line for line in read(log).splitlines() if 'Notify' in line), None))
    print('# ' + line)
    expect('“Refused again” needs attention' in line and '24395' in line, line)
    program.session.wait_for_call('org.freedesktop.portal.Notification', 'AddNotification')
    wait_for('it to be counted', lambda: count_at(shown, 'Needs Attention') == 1)
    take_picture(os.path.join(program.pictures, 'refused.png'))


def background(program):
    """it may go on without a window, and be started at sign-in, when the Background portal says so"""
    def wish(key):
        program.run('gsettings', 'set', program.app_id, key, 'true')

    entry = os.path.join(os.environ['XDG_CONFIG_HOME'], 'autostart', program.app_id + '.desktop')
    wish('run-in-background')
    program.session.wait_for_call('org.freedesktop.portal.Background', 'RequestBackground')
    expect(not os.path.exists(entry), entry)
    wish('start-at-sign-in')
    wait_for('the entry of autostart', lambda: os.path.exists(entry) and '--gapplication-service' in read(entry))
    expect(program.run('gsettings', 'get', program.app_id, 'run-in-background').strip() == 'true', 'it was refused')


def languages(program):
    """it speaks every language there is a catalogue of"""
    english = program.run('crm-tasks-cli', 'list', '--practice')
    end(program.window)
    wait_for('the window to be gone', lambda: find_window() is None)
    with open(LINGUAS, encoding='utf-8') as opened:
        catalogues = ' '.join(line.partition('#')[0] for line in opened).split()
    for language in catalogues:
        env = ('LC_ALL=' + LOCALES[language] + '.UTF-8',)
        expect(program.run('crm-tasks-cli', 'list', '--practice', env=env) != english, language)
        process = program.start('window', 'crm-tasks', '--practice', env=env)
        shown = wait_for('the window', find_window)
        wait_for('the tasks', lambda: has_counts(shown))
        take_picture(os.path.join(program.pictures, language + '.png'))
        end(process)
        wait_for('the window to be gone', lambda: find_window() is None)
    print('# ' + (' '.join(catalogues) or 'there is no catalogue'))


PROOFS = (permissions, exports, programs, main_job, data, home, secret, keyring, window, notification, background, languages)


def prove(program):
    """Returns how many failed. Each is tried, whatever became of those before."""
    failed = 0
    print(f'1..{len(PROOFS)}')
    for number, proof in enumerate(PROOFS, 1):
        try:
            proof(program)
            print(f'ok {number} {proof.__doc__}', flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f'not ok {number} {proof.__doc__}')
            print('# ' + traceback.format_exc().strip().replace('\n', '\n# '), flush=True)
    return failed


def main():
    app_id, pictures = sys.argv[1:]
    with session() as it:
        program = Program(it, app_id)
        program.pictures = pictures
        return 1 if prove(program) > 0 else 0


if __name__ == '__main__':
    sys.exit(main())
