#!/usr/bin/env python3
# test_install.py: what is installed is all there, nothing else is, it knows nothing of where it was built, and it works
#
# SPDX-License-Identifier: GPL-3.0-or-later

import atexit
import configparser
import functools
import os
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import xml.etree.ElementTree as ET

import cli_bench
from cli_bench import DUE, CliCase, main

APP_ID = os.environ['APP_ID']
BUILD = os.environ['BUILD_ROOT']
SOURCE = os.environ['SOURCE_ROOT']
PREFIX = os.environ['PREFIX']
BINDIR = os.environ['BINDIR']
DATADIR = os.environ['DATADIR']
LIBEXECDIR = os.environ['LIBEXECDIR']
LOCALEDIR = os.environ['LOCALEDIR']
DOMAIN = os.environ['GETTEXT_PACKAGE']

SERVICE = '%s/dbus-1/services/%s.service' % (DATADIR, APP_ID)
PROGRAMS = ['%s/crm-tasks' % BINDIR, '%s/crm-tasks-cli' % BINDIR, '%s/crm-tasks-practice' % BINDIR,
            '%s/crm-tasks-cli-wire' % LIBEXECDIR]


def languages():
    text = (pathlib.Path(SOURCE) / 'po/LINGUAS').read_text()
    return re.sub(r'#.*', '', text).split()


def expected():
    return set(PROGRAMS) | {
        '%s/applications/%s.desktop' % (DATADIR, APP_ID),
        '%s/glib-2.0/schemas/%s.gschema.xml' % (DATADIR, APP_ID),
        '%s/icons/hicolor/scalable/apps/%s.svg' % (DATADIR, APP_ID),
        '%s/icons/hicolor/symbolic/apps/%s-symbolic.svg' % (DATADIR, APP_ID),
        '%s/metainfo/%s.metainfo.xml' % (DATADIR, APP_ID),
        SERVICE,
    } | {'%s/%s/LC_MESSAGES/%s.mo' % (LOCALEDIR, language, DOMAIN) for language in languages()}


def read_keys(path):
    keys = configparser.ConfigParser(delimiters='=', interpolation=None)
    keys.optionxform = str
    keys.read_string(path.read_text())
    return keys


@functools.lru_cache(maxsize=None)
def install():
    """Installs into a folder of its own, once; gives that folder, what was complained about, and how it ended."""
    root = tempfile.mkdtemp(prefix='crm-install-')
    atexit.register(shutil.rmtree, root)
    done = subprocess.run([os.environ['MESON'], 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', root],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return root, done.stdout, done.returncode


class InstallTest(CliCase):
    def setUp(self):
        if not os.environ['MESON']:
            self.skipTest('meson is not to be found')
        self.root, said, status = install()
        self.assertEqual(status, 0, said)
        # The programs that CliCase runs are those that were installed.
        cli_bench.CLI = str(self.at(PROGRAMS[1]))
        cli_bench.PRACTICE = str(self.at(PROGRAMS[2]))
        super().setUp()

    def at(self, path):
        """Gives where an installed file is now."""
        return pathlib.Path(self.root + path)

    def installed(self):
        return {'/' + str(path.relative_to(self.root)): path for path in pathlib.Path(self.root).rglob('*') if not path.is_dir()}

    def test_all_of_it_and_nothing_else(self):
        self.assertEqual(set(self.installed()), expected())

    def test_modes(self):
        for name, path in self.installed().items():
            mode = path.lstat().st_mode
            self.assertTrue(stat.S_ISREG(mode), name)
            self.assertEqual(stat.S_IMODE(mode), 0o755 if name in PROGRAMS else 0o644, name)

    def test_no_place_of_ours(self):
        objcopy = shutil.which('objcopy')
        if objcopy is None:
            self.skipTest('objcopy is not installed')
        # The prefix may lie in one of them, and is known.
        places = [place for place in (BUILD, SOURCE, self.root) if not PREFIX.startswith(place + '/')]
        for name, path in self.installed().items():
            if name in PROGRAMS:
                # What a debugger reads names the sources, and is not part of a package.
                bare = os.path.join(self.folder, 'bare')
                subprocess.run([objcopy, '--strip-all', path, bare], check=True)
                data = pathlib.Path(bare).read_bytes()
            else:
                data = path.read_bytes()
                self.assertNotRegex(data, rb'@\w+@', name)
            for place in places:
                # A folder called /project is not meant by </project_license>.
                self.assertNotRegex(data, re.escape(place.encode()) + rb'(?![\w-])', '%s names %s' % (name, place))

    def test_no_search_path(self):
        if shutil.which('readelf') is None:
            self.skipTest('readelf is not installed')
        for name in PROGRAMS:
            said = subprocess.run(['readelf', '--dynamic', '--wide', self.at(name)], env=dict(os.environ, LC_ALL='C'),
                                  check=True, capture_output=True, text=True).stdout
            self.assertIn('(NEEDED)', said)
            self.assertNotRegex(said, r'\((RPATH|RUNPATH)\)', name)
            self.assertNotRegex(said, r'\(NEEDED\).*(/|libcrm)', name)

    def test_desktop_file(self):
        desktop = read_keys(self.at('%s/applications/%s.desktop' % (DATADIR, APP_ID)))
        entry = desktop['Desktop Entry']
        actions = [name for name in entry.get('Actions', '').split(';') if name]
        self.assertEqual(set(desktop.sections()), {'Desktop Entry'} | {'Desktop Action ' + name for name in actions})
        for section in desktop.sections():
            program = shlex.split(desktop[section]['Exec'])[0]
            self.assertEqual(os.path.join(BINDIR, program), PROGRAMS[0], section)
        if 'TryExec' in entry:
            self.assertEqual(os.path.join(BINDIR, entry['TryExec']), PROGRAMS[0])
        for folder, name in (('scalable', entry['Icon']), ('symbolic', entry['Icon'] + '-symbolic')):
            self.assertTrue(self.at('%s/icons/hicolor/%s/apps/%s.svg' % (DATADIR, folder, name)).is_file())
        # Who starts it by the bus must find on the bus what starts it.
        self.assertTrue(entry.getboolean('DBusActivatable'))

    def test_service(self):
        service = read_keys(self.at(SERVICE))
        self.assertEqual(service.sections(), ['D-BUS Service'])
        self.assertEqual(dict(service['D-BUS Service']),
                         {'Name': APP_ID, 'Exec': PROGRAMS[0] + ' --gapplication-service'})

    def test_metainfo(self):
        component = ET.parse(self.at('%s/metainfo/%s.metainfo.xml' % (DATADIR, APP_ID))).getroot()
        self.assertTrue(self.at('%s/applications/%s' % (DATADIR, component.findtext('launchable'))).is_file())
        self.assertEqual({'%s/%s' % (BINDIR, binary.text) for binary in component.findall('provides/binary')}, set(PROGRAMS[:3]))
        for language in languages():
            tags = {one.get('{http://www.w3.org/XML/1998/namespace}lang') for one in component.findall('summary')}
            self.assertIn(language, tags)

    def test_schema(self):
        if shutil.which('glib-compile-schemas') is None:
            self.skipTest('glib-compile-schemas is not installed')
        subprocess.run(['glib-compile-schemas', '--strict', '--targetdir', self.folder,
                        self.at('%s/glib-2.0/schemas' % DATADIR)], check=True)
        if shutil.which('gsettings') is None:
            self.skipTest('gsettings is not installed')
        env = dict(self.env, GSETTINGS_SCHEMA_DIR=self.folder, GSETTINGS_BACKEND='memory')
        said = subprocess.run(['gsettings', 'list-keys', APP_ID], env=env, check=True, capture_output=True, text=True).stdout
        self.assertIn('window-width', said.split())

    def test_command_line_works(self):
        said = self.run_cli('--version').stdout.decode()
        self.assertIn(os.environ['VERSION'], said)
        self.add('Installed')
        self.run_cli('sync')  # by the other program, found from here
        task, = self.read('list')
        self.assertEqual(task['syncState'], 'synced')
        self.assertIn(task['id'], [one['id'] for one in self.crm.tasks()])


if __name__ == '__main__':
    main(InstallTest)
