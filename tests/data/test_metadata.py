#!/usr/bin/env python3
# test_metadata.py: what tells desktops and software centres about the app is valid, true, and says the same everywhere
#
# SPDX-License-Identifier: GPL-3.0-or-later

import configparser
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ET

from cli_bench import main

APP_ID = os.environ['APP_ID']
VERSION = os.environ['VERSION']
SOURCE = pathlib.Path(os.environ['SOURCE_ROOT'])
DESKTOP = pathlib.Path(os.environ['DESKTOP_FILE'])
METAINFO = pathlib.Path(os.environ['METAINFO_FILE'])
LANG = '{http://www.w3.org/XML/1998/namespace}lang'

# One complaint of appstreamcli: how bad, where, its tag, and about what.
COMPLAINT = re.compile(r'^([EWIP]): \S+ (\S+)(?: (.*))?$', re.MULTILINE)
# The id is what it is, and the first AppStream 1.0 is the first that knows <developer>, which those after it ask for.
EXCUSED = {('P', 'cid-contains-uppercase-letter', APP_ID)}
EXCUSED_BEFORE_1 = {('I', 'unknown-tag', 'developer')}


def read_desktop():
    desktop = configparser.ConfigParser(delimiters='=', interpolation=None)
    desktop.optionxform = str
    desktop.read_string(DESKTOP.read_text())
    return desktop


def untranslated(parent, path):
    return [one for one in parent.findall(path) if LANG not in one.attrib]


class MetadataTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='crm-data-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.component = ET.parse(METAINFO).getroot()

    def run_tool(self, tool, *args):
        """Returns whether it is content, and what it says; the test is skipped where there is no such tool."""
        if shutil.which(tool) is None:
            self.skipTest('%s is not installed' % tool)
        done = subprocess.run([tool, *map(str, args)], env=dict(os.environ, LC_ALL='C.UTF-8'), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        return done.returncode == 0, done.stdout

    def broken(self, path, old, new):
        """Makes a copy in which old, a pattern, was replaced once."""
        text, count = re.subn(old, new, path.read_text(), count=1, flags=re.DOTALL)
        self.assertEqual(count, 1, '%s is not in %s' % (old, path.name))
        copy = self.folder / path.name
        copy.write_text(text)
        return copy

    # Validators: each likes what is here, and finds what was broken

    def test_desktop_file(self):
        self.assertEqual(self.run_tool('desktop-file-validate', DESKTOP), (True, ''))
        for old, new in ((r'\nType=\w+', ''),
                         (r'Categories=', 'Categories=Nonsense;'),
                         (r'Terminal=false', 'Terminal=no'),
                         (r'Actions=', 'Actions=nothing;'),
                         (r'\nIcon=', '\nIkon=')):
            good, said = self.run_tool('desktop-file-validate', self.broken(DESKTOP, old, new))
            self.assertFalse(good and not said, (old, new))

    def metainfo_complaints(self, path):
        good, said = self.run_tool('appstreamcli', 'validate', '--pedantic', '--no-net', '--no-color', path)
        complaints = set(COMPLAINT.findall(said))
        self.assertTrue(good or complaints, said)
        _, version = self.run_tool('appstreamcli', '--version')
        excused = EXCUSED | EXCUSED_BEFORE_1 if re.search(r'version: 0\.', version) else EXCUSED
        return complaints - excused

    def test_metainfo(self):
        self.assertEqual(self.metainfo_complaints(METAINFO), set())
        for old, new, tag in ((r'<summary>.*?</summary>', '<summary>A sentence.</summary>', 'summary-has-dot-suffix'),
                              (r'<metadata_license>.*?</metadata_license>', '', 'metadata-license-missing'),
                              (r'<launchable .*?</launchable>', '', 'desktop-app-launchable-missing'),
                              (r'<content_rating ', '<content_ratings ', 'content-rating-missing'),
                              (r'date="', 'date="on ', 'invalid-iso8601-date'),
                              (r'<control>keyboard', '<control>keybord', 'relation-control-value-invalid'),
                              (r'>https://', '>htps://', 'web-url-expected'),
                              (r'type="homepage"', 'type="home"', 'url-invalid-type'),
                              (r'<li>', '<li><b>x</b>', 'description-para-markup-invalid'),
                              (r'</component>', '', 'xml-markup-invalid')):
            complaints = self.metainfo_complaints(self.broken(METAINFO, old, new))
            self.assertIn(tag, {complaint[1] for complaint in complaints}, (old, new))

    def test_schema(self):
        schema = SOURCE / 'data' / (APP_ID + '.gschema.xml')
        self.assertEqual(self.run_tool('glib-compile-schemas', '--strict', '--dry-run', schema.parent), (True, ''))
        for old, new in ((r'<default>1280<', '<default>wide<'),
                         (r' type="i"', ' type="nothing"'),
                         (r'<default>.*?</default>', ''),
                         (r'</schemalist>', '')):
            self.broken(schema, old, new)
            good, _ = self.run_tool('glib-compile-schemas', '--strict', '--dry-run', self.folder)
            self.assertFalse(good, (old, new))

    def test_xml(self):
        files = [*SOURCE.glob('src/ui/*.ui'), *SOURCE.glob('src/**/*.xml'), *SOURCE.glob('data/**/*.xml'),
                 *SOURCE.glob('data/**/*.svg')]
        self.assertGreater(len(files), 30)
        self.assertEqual(self.run_tool('xmllint', '--noout', *files), (True, ''))
        good, _ = self.run_tool('xmllint', '--noout', self.broken(files[0], '</interface>', ''))
        self.assertFalse(good)

    # One id, and one version

    def test_one_id(self):
        desktop = read_desktop()['Desktop Entry']
        schema = ET.parse(SOURCE / 'data' / (APP_ID + '.gschema.xml')).getroot().find('schema')
        manifest = json.loads((SOURCE / (APP_ID + '.json')).read_text())
        self.assertEqual({
            'desktop file': DESKTOP.name,
            'its icon': desktop['Icon'],
            'metainfo': self.component.findtext('id'),
            'its desktop file': self.component.findtext('launchable'),
            'its bus name': self.component.findtext('provides/dbus'),
            'its translations': self.component.findtext('translation'),
            'schema': schema.get('id'),
            'where it is': schema.get('path'),
            'manifest': manifest.get('id', manifest.get('app-id')),
            'its command': manifest['command'],
        }, {
            'desktop file': APP_ID + '.desktop',
            'its icon': APP_ID,
            'metainfo': APP_ID,
            'its desktop file': APP_ID + '.desktop',
            'its bus name': APP_ID,
            'its translations': os.environ['GETTEXT_PACKAGE'],
            'schema': APP_ID,
            'where it is': '/' + APP_ID.replace('.', '/') + '/',
            'manifest': APP_ID,
            'its command': desktop['Exec'].split()[0],
        })
        self.assertEqual(desktop['Name'], self.component.findtext('name'))
        self.assertEqual(desktop['Comment'], self.component.findtext('summary'))

    def test_one_version(self):
        releases = self.component.findall('releases/release')
        versions = [tuple(map(int, release.get('version').split('.'))) for release in releases]
        self.assertEqual(versions, sorted(versions, reverse=True))
        news = re.findall(r'^(\d+(?:\.\d+)+), (\d{4}-\d\d-\d\d)\n=+$', (SOURCE / 'NEWS').read_text(), re.MULTILINE)
        self.assertEqual([(release.get('version'), release.get('date')) for release in releases], news)
        self.assertEqual(news[0][0], VERSION)
        for release in releases:
            self.assertGreater(len(''.join(release.find('description').itertext()).split()), 10, release.get('version'))

    # What software centres show

    def test_summary(self):
        for summary in self.component.findall('summary'):
            self.assertNotIn(self.component.findtext('name').casefold(), summary.text.casefold())
            self.assertFalse(summary.text.rstrip().endswith('.'), summary.text)
        self.assertLessEqual(len(self.component.findtext('summary')), 35)
        self.assertLessEqual(len(self.component.findtext('name')), 20)

    def test_screenshots(self):
        shots = self.component.findall('screenshots/screenshot')
        self.assertEqual([shot.get('type') for shot in shots], ['default'] + [None] * (len(shots) - 1))
        for shot in shots:
            caption, = untranslated(shot, 'caption')
            self.assertLessEqual(len(caption.text), 100, caption.text)
            self.assertFalse(caption.text.endswith('.'), caption.text)
            image, = untranslated(shot, 'image')
            self.assertTrue(image.text.startswith('https://'), image.text)
            picture = SOURCE / 'data/screenshots' / image.text.rsplit('/', 1)[1]
            with open(picture, 'rb') as png:
                head = png.read(24)
            self.assertEqual(head[:8], b'\x89PNG\r\n\x1a\n', picture)
            self.assertEqual((int(image.get('width')), int(image.get('height'))), struct.unpack('>II', head[16:24]), picture)

    def test_branding(self):
        colours = {colour.get('scheme_preference'): colour.text for colour in self.component.findall('branding/color')}
        self.assertEqual(set(colours), {'light', 'dark'})
        for colour in colours.values():
            self.assertRegex(colour, r'^#[0-9a-f]{6}$')
        self.assertEqual(self.component.find('content_rating').get('type'), 'oars-1.1')

    def test_icons(self):
        for folder, name, size in (('scalable', APP_ID, '128'), ('symbolic', APP_ID + '-symbolic', '16')):
            icon = SOURCE / 'data/icons/hicolor' / folder / 'apps' / (name + '.svg')
            root = ET.parse(icon).getroot()
            self.assertEqual((root.get('width'), root.get('height')), (size, size))
            self.assertLess(icon.stat().st_size, 4096)
        fills = {one.get('fill') for one in root.iter() if 'fill' in one.attrib}
        self.assertEqual(len(fills), 1, 'a symbolic icon has one colour')


if __name__ == '__main__':
    main(MetadataTest)
