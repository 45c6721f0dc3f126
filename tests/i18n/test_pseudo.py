#!/usr/bin/env python3
# test_pseudo.py PROGRAM: makes up a language and a locale in a folder of its own, and runs PROGRAM in them
#
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import pathlib
import subprocess
import sys
import tempfile

from i18n_bench import DOMAIN, lines, make_catalogue, make_locale, make_template, read_messages, run

LANGUAGE = 'qps'  # among those that are nobody's


def main():
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        messages = base / LANGUAGE / 'LC_MESSAGES'
        messages.mkdir(parents=True)
        # GNU gettext looks at LANGUAGE in the locale of some country only.
        trouble = make_locale(folder, 'en_US.UTF-8', 'en_US')
        if trouble is not None:
            print('1..0 # SKIP ' + trouble.replace('\n', ' '))
            return 0
        make_template(base / 'fresh.pot', lines('po/POTFILES.in'))
        make_catalogue(base / 'made-up.po', read_messages(base / 'fresh.pot'))
        run('msgfmt', '--check', '-o', messages / (DOMAIN + '.mo'), base / 'made-up.po')
        env = dict(os.environ, LOCPATH=folder, LC_ALL='en_US.UTF-8', LANGUAGE=LANGUAGE, CRM_TASKS_PSEUDO_LOCALES=folder, TZ='UTC')
        return subprocess.run(sys.argv[1:], env=env).returncode


if __name__ == '__main__':
    sys.exit(main())
