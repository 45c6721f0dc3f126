#!/usr/bin/env python3
# test_catalogues.py: every catalogue of po/LINGUAS is complete and sound
#
# SPDX-License-Identifier: GPL-3.0-or-later

import pathlib
import re
import tempfile
import unittest

from i18n_bench import DATES, ROOT, Message, lines, main, make_catalogue, make_template, make_up, read_messages, run

# What g_date_time_format() knows and a date or time for people may have.
DATE_LETTERS = re.compile(r'%[-_0OE^#]*[aAbBdeFHIjklmMnpPrRStTuVyYzZ%]')


def check(catalogue, template, folder):
    """Returns what is wrong with a catalogue, line by line."""
    wrong = run('msgfmt', '--check', '--check-accelerators=_', '-o', '/dev/null', catalogue, status=None)
    merged = pathlib.Path(folder, 'merged.po')
    run('msgmerge', '--quiet', '--no-fuzzy-matching', '--no-wrap', '-o', merged, catalogue, template)
    wrong += run('msgfmt', '--check', '--check-accelerators=_', '-o', '/dev/null', merged, status=None)
    for option, words in (('--untranslated', 'not translated'), ('--only-fuzzy', 'fuzzy')):
        for text in re.findall(r'^msgid "(.+)"$', run('msgattrib', '--no-wrap', '--no-obsolete', option, merged), re.M):
            wrong += '%s: “%s”\n' % (words, text)
    for block in run('msgcat', '--no-wrap', '--no-location', merged).split('\n\n'):
        message = Message(block)
        translation = message.read('msgstr')
        is_date = message.context in DATES and 'c-format' not in message.flags.split(', ')
        if is_date and translation and '%' in DATE_LETTERS.sub('', translation):
            wrong += 'no such part of a date or time: “%s”\n' % translation
    return sorted(set(wrong.splitlines()))


class CataloguesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.template = pathlib.Path(cls.folder.name, 'fresh.pot')
        make_template(cls.template, lines('po/POTFILES.in'))
        cls.messages = read_messages(cls.template)

    def check_made_up(self, translate=make_up, change=lambda text: text):
        path = pathlib.Path(self.folder.name, 'made-up.po')
        make_catalogue(path, self.messages, translate)
        path.write_text(change(path.read_text()))
        return '\n'.join(check(path, self.template, self.folder.name))

    def test_linguas(self):
        linguas = ' '.join(lines('po/LINGUAS')).split()
        self.assertEqual(linguas, sorted(set(linguas)))
        self.assertEqual(linguas, sorted(path.stem for path in (ROOT / 'po').glob('*.po')))

    def test_complete(self):
        wrong = []
        for language in ' '.join(lines('po/LINGUAS')).split():
            wrong += ['%s: %s' % (language, words)
                      for words in check(ROOT / 'po' / (language + '.po'), self.template, self.folder.name)]
        self.assertEqual(wrong[:50], [], '%d complaints' % len(wrong))

    def test_finds_nothing(self):
        self.assertEqual(self.check_made_up(), '')

    def test_finds_missing_placeholder(self):
        wrong = self.check_made_up(lambda message, text: make_up(message, text).replace('%s', '', 1))
        self.assertIn('number of format specifications', wrong)

    def test_finds_extra_placeholder(self):
        wrong = self.check_made_up(lambda message, text: make_up(message, text).replace('%s', '%s%s', 1))
        self.assertIn('number of format specifications', wrong)

    def test_finds_other_placeholder(self):
        wrong = self.check_made_up(lambda message, text: make_up(message, text).replace("%'lu", '%s', 1))
        self.assertIn('are not the same', wrong)

    def test_finds_wrong_date(self):
        wrong = self.check_made_up(lambda message, text: '%Q' if text == '%-d %b' else make_up(message, text))
        self.assertIn('no such part of a date', wrong)

    def test_finds_missing_mnemonic(self):
        wrong = self.check_made_up(lambda message, text: make_up(message, text).replace('_', ''))
        self.assertIn('mark', wrong)

    def test_finds_untranslated(self):
        wrong = self.check_made_up(lambda message, text: '' if text == 'All Tasks' else make_up(message, text))
        self.assertEqual(wrong, 'not translated: “All Tasks”')

    def test_finds_fuzzy(self):
        wrong = self.check_made_up(change=lambda text: text.replace('msgctxt "place"\nmsgid "All Tasks"',
                                                                    '#, fuzzy\nmsgctxt "place"\nmsgid "All Tasks"'))
        self.assertIn('fuzzy: “All Tasks”', wrong)


if __name__ == '__main__':
    main()
