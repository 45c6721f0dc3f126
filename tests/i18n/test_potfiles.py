#!/usr/bin/env python3
# test_potfiles.py: every file with words for people is in po/POTFILES.in, and all of its words can be found
#
# SPDX-License-Identifier: GPL-3.0-or-later

import pathlib
import re
import tempfile
import unittest

from i18n_bench import ROOT, lines, main, make_template, sources

# A call that marks a string, and the word that stands right behind one of its strings.
CUT = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext) ?\((?:[^"();]|"(?:[^"\\]|\\.)*")*?"(?:[^"\\]|\\.)*"\s*([A-Za-z_]\w*)')

# What has words for people in a .ui file, and letters in it.
SEEN = re.compile(r'<(?:property|attribute) name="(?:label|title|subtitle|tooltip-text|placeholder-text|description|note|text|help-text)"'
                  r'(?! bind)[^>/]*>[^<]*[A-Za-z][^<]*<|<item>[^<]*[A-Za-z][^<]*<|<item [^>]*>[^<]*[A-Za-z][^<]*<')


class PotfilesTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.template = pathlib.Path(self.folder.name, 'all.pot')

    def test_listed(self):
        make_template(self.template, sources())
        with_words = {match for match in re.findall(r'(\S+):\d+', ''.join(
            re.findall(r'^#: .*$', self.template.read_text(), re.M)))}
        skipped = lines('po/POTFILES.skip')
        self.assertEqual([name for name in skipped if not (ROOT / name).exists()], [], 'skipped, but not there')
        listed = lines('po/POTFILES.in')
        self.assertEqual(listed, sorted(listed), 'POTFILES.in is not sorted')
        self.assertEqual(sorted(with_words - set(listed) - set(skipped)), [], 'not in POTFILES.in')
        self.assertEqual(sorted(set(listed) - with_words), [], 'in POTFILES.in without a word to translate')
        self.assertEqual(len(listed), len(set(listed)), 'twice in POTFILES.in')

    def test_no_warnings(self):
        self.assertEqual(make_template(self.template, lines('po/POTFILES.in')), '')

    def test_whole(self):
        """A macro within a string is not seen by xgettext, and the string is never found; only those of inttypes.h are."""
        cut = []
        for path in sources():
            if path.endswith(('.c', '.h')):
                cut += ['%s: %s' % (path, match) for match in CUT.findall((ROOT / path).read_text())
                        if not match.startswith('PRI')]
        self.assertEqual(cut, [])

    def test_marked(self):
        """What a person sees of a .ui file is marked as to be translated."""
        unmarked = []
        for path in sources():
            if path.endswith('.ui'):
                unmarked += ['%s: %s' % (path, match.group(0)) for match in SEEN.finditer((ROOT / path).read_text())
                             if 'translatable="yes"' not in match.group(0)]
        self.assertEqual(unmarked, [])

    def test_told(self):
        """What translators are told stands right above its string, or xgettext does not pass it on."""
        make_template(self.template, lines('po/POTFILES.in'))
        told = ' '.join(re.findall(r'^#\. (.*)$', self.template.read_text(), re.M))
        untold = []
        for path in sources():
            untold += ['%s: %s' % (path, words) for words in re.findall(r'Translators: ([^\n*]+)', (ROOT / path).read_text())
                       if words.strip().removesuffix('-->').strip() not in told]
        self.assertEqual(untold, [])


if __name__ == '__main__':
    main()
