#!/usr/bin/env python3
# test_pseudo_cli.py: the command line in a made-up language: people's words are translated, programs' words are not
#
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import pathlib
import re
import tempfile
import unittest

from cli_bench import DUE, SANITIZED, CliCase, main
from i18n_bench import DOMAIN, lines, make_catalogue, make_locale, make_template, read_messages, run

# What is the same in every language: the program, its commands and options, states and classes, keys, GLib's own words.
SAME = re.compile(
    r'crm-tasks-cli|crm-tasks-practice|--?[a-zA-Z-]+(?:=[A-Z]+)?|https?://\S+|\b(?:HTTP|UTC|practice)\b'
    r'|\b(?:draft|queued|sending|failed|unconfirmed|synced)\b|\b(?:accepted|rejected|trouble|account|not-sent)\b'
    r'|\b(?:name|endDatetime|venueId|leadId|contactId|companyId|priority|assignedUserId|status|description|id)\b'
    r'|^ *(?:add|edit|submit|resubmit|discard|settle|list|show|import|export|backup|restore|sync|pull|account|status)(?= )'
    r'|^(?:Usage|Help Options|Application Options):|Show help options|OPTION|\.csv')


def rest_of(text):
    """Returns what stands outside of the marks around each translation."""
    rest = ''
    depth = 0
    for letter in text:
        depth += (letter == '⟦') - (letter == '⟧')
        if depth == 0 and letter != '⟧':
            rest += letter
    return rest


class PseudoCliTest(CliCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.base = pathlib.Path(folder.name)
        (cls.base / 'qps/LC_MESSAGES').mkdir(parents=True)
        cls.trouble = make_locale(folder.name, 'en_US.UTF-8', 'en_US')
        make_template(cls.base / 'fresh.pot', lines('po/POTFILES.in'))
        make_catalogue(cls.base / 'made-up.po', read_messages(cls.base / 'fresh.pot'))
        run('msgfmt', '-o', cls.base / 'qps/LC_MESSAGES' / (DOMAIN + '.mo'), cls.base / 'made-up.po')

    def setUp(self):
        if self.trouble is not None or SANITIZED:
            self.skipTest(self.trouble or 'nothing may be loaded before the sanitizers')
        super().setUp()
        self.env.update(LOCPATH=str(self.base), LANG='en_US.UTF-8', LANGUAGE='qps', CRM_TASKS_PSEUDO_LOCALES=str(self.base),
                        LD_PRELOAD=os.environ['CRM_TASKS_REDIRECT'])

    def look_at(self, *args, status=0):
        done = self.run_cli(*args, status=status)
        text = done.stdout.decode() + done.stderr.decode()
        self.assertIn('⟦', text, args)
        for line in text.splitlines():
            rest = SAME.sub('', rest_of(line + ('⟧' if line.count('⟦') > line.count('⟧') else '')))
            # Help names what an option takes in capitals.
            self.assertIsNone(re.search('[a-z]', rest), (args, line, rest))
        return text

    def test_help(self):
        self.look_at('--help')
        for command in ('add', 'edit', 'list', 'import', 'export', 'restore', 'sync', 'pull', 'resubmit', 'settle', 'discard'):
            self.look_at(command, '--help')
        self.look_at('nonsense', status=2)
        self.look_at('account', status=2)

    def test_wrong(self):
        self.look_at('add', '--name', '1', '--due', '31.31.2026', status=2)
        self.look_at('add', '--name', '1', *DUE, '--priority', '9', status=2)
        self.look_at('add', '--name', '1', *DUE, '--lead', '0', status=2)
        self.run_cli('add', '--name', '1', *DUE)
        self.look_at('edit', '1', '--clear', '9', status=2)
        self.look_at('list', '--state', '9', status=2)
        self.look_at('show', '99', status=2)
        self.look_at('edit', '9x', status=2)

    def test_life(self):
        self.look_at('account', 'show')
        self.run_cli('add', '--name', '1', *DUE)
        self.run_cli('add', '--name', '2', *DUE, '--lead', '99999')
        self.look_at('list')
        self.assertIn('⟦1 šéñť', self.look_at('sync', status=1))
        self.look_at('list')
        self.look_at('show', '2')
        self.look_at('status')
        self.look_at('pull')
        self.look_at('account', 'test')

    def test_same(self):
        """What programs read is in no language."""
        self.run_cli('add', '--name', '1', *DUE)
        self.assertEqual(self.read('sync'), {'sent': 1, 'failed': 0, 'unconfirmed': 0, 'waiting': 0, 'paused': None})
        self.assertEqual(self.read('list', '--state', 'synced')[0]['syncState'], 'synced')
        self.run_cli('add', '--name', '2', *DUE, '--lead', '99999')
        self.read('sync', status=1)
        error = self.read('list', '--state', 'failed')[0]['error']
        self.assertEqual((error['message'], error['additionalMessages']),
                         ('The request contains invalid data', ['leadId: *Invalid item selected*']))


if __name__ == '__main__':
    main(PseudoCliTest)
