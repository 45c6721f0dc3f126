# i18n_bench.py: what the tests of translations share: the template, catalogues, and one made up
#
# SPDX-License-Identifier: GPL-3.0-or-later

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOMAIN = 'crm-tasks'
SOURCES = ('data/*.desktop.in', 'data/*.gschema.xml', 'data/*.metainfo.xml.in', 'src/**/*.c', 'src/**/*.h', 'src/**/*.ui')

# As Meson's preset “glib” has them.
XGETTEXT = ['xgettext', '--from-code=UTF-8', '--add-comments', '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2',
            '--keyword=NC_:1c,2', '--keyword=g_dcgettext:2', '--keyword=g_dngettext:2,3', '--keyword=g_dpgettext2:2c,3',
            '--flag=N_:1:pass-c-format', '--flag=C_:2:pass-c-format', '--flag=NC_:2:pass-c-format',
            '--flag=g_dngettext:2:pass-c-format', '--flag=g_strdup_printf:1:c-format', '--flag=g_print:1:c-format',
            '--flag=g_printerr:1:c-format', '--flag=g_error_new:3:c-format', '--flag=g_set_error:4:c-format',
            '--flag=g_string_append_printf:2:c-format', '--flag=g_string_printf:2:c-format']

ACCENTED = str.maketrans('ACDEGHIJKLNORSTUWYZacdeghijklnorstuwyz', 'ÅÇĎÉĜĤÎĴĶĻÑÖŘŠŤÛŴÝŽåçďéĝĥîĵķļñöřšťûŵýž')
# Placeholders, tags, entities and escapes stay as they are.
KEPT = re.compile(r"""%(?:\d+\$)?[-+\ #0'I]*(?:\*|\d+)?(?:\.\d+)?(?:<PRI\w+>|(?:hh|h|ll|l|z|j|t)?[a-zA-Z%])|<[^>]+>|&\w+;|\\.""", re.X)
DATES = ('date', 'time of day')


def lines(path):
    """Returns what a file of gettext lists."""
    file = ROOT / path
    text = file.read_text() if file.exists() else ''
    return [line for line in text.split('\n') if line.strip() and not line.startswith('#')]


def sources():
    return sorted({str(path.relative_to(ROOT)) for pattern in SOURCES for path in ROOT.glob(pattern)})


def run(*args, status=0, **more):
    done = subprocess.run([str(arg) for arg in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=dict(os.environ, LC_ALL='C.UTF-8'), cwd=ROOT, **more)
    if status is not None and done.returncode != status:
        raise AssertionError('%s: %s' % (args[0], done.stdout))
    return done.stdout


def make_template(path, files):
    """Writes a fresh template; returns what xgettext has to say of the sources."""
    return run(*XGETTEXT, '--package-name=' + DOMAIN, '-o', path, *files)


class Message:
    def __init__(self, block):
        self.block = block
        self.flags = ' '.join(re.findall(r'^#, (.*)$', block, re.M))
        self.context = self.read('msgctxt')
        self.text = self.read('msgid')
        self.plural = self.read('msgid_plural')

    def read(self, key):
        match = re.search(r'^%s ((?:"(?:[^"\\]|\\.)*"\n?)+)' % key, self.block, re.M)
        return None if match is None else ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))

    def write(self, *translations):
        head = '#, %s\n' % self.flags if self.flags else ''
        if self.context is not None:
            head += 'msgctxt "%s"\n' % self.context
        head += 'msgid "%s"\n' % self.text
        if self.plural is None:
            return head + 'msgstr "%s"\n' % translations[0]
        head += 'msgid_plural "%s"\n' % self.plural
        return head + ''.join('msgstr[%d] "%s"\n' % (i, text) for i, text in enumerate(translations))


def read_messages(template):
    """Returns the messages of a template, without its head, texts escaped as they stand there."""
    blocks = run('msgcat', '--no-wrap', '--no-location', template).split('\n\n')
    return [message for message in map(Message, blocks) if message.text]


def make_up(message, text):
    """Returns the text as the made-up language has it: marked at both ends, accented, longer."""
    if message.context == 'typed date':
        return text
    head = re.match(r'(?:\\n|\s)*', text).group(0)
    tail = re.search(r'(?:\\n|\s)*$', text[len(head):]).group(0)
    body = text[len(head):len(text) - len(tail)]
    # A date has letters that are kept for what they stand for; a key’s list ends with a semicolon.
    if message.context in DATES or re.search(r'%-?[dBYA] ', body):
        return '%s⟦%s⟧%s' % (head, body, tail)
    parts = []
    at = 0
    for match in KEPT.finditer(body):
        parts += [body[at:match.start()].translate(ACCENTED), match.group(0)]
        at = match.end()
    parts.append(body[at:].translate(ACCENTED))
    made = '%s⟦%s%s⟧%s' % (head, ''.join(parts), '·' * ((len(body) * 2 + 4) // 5), tail)
    return made + ';' if text.endswith(';') else made


def make_catalogue(path, messages, translate=make_up, direction=None):
    """Writes a catalogue in which every message is translated by translate."""
    head = ('msgid ""\nmsgstr ""\n"Project-Id-Version: made up\\n"\n"PO-Revision-Date: 2026-01-01 00:00+0000\\n"\n'
            '"Last-Translator: Nobody <nobody@example.org>\\n"\n"Language-Team: none\\n"\n"Language: qps\\n"\n'
            '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
            '"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n')
    texts = [head]
    for message in messages:
        texts.append(message.write(translate(message, message.text), translate(message, message.plural))
                     if message.plural is not None else message.write(translate(message, message.text)))
    pathlib.Path(path).write_text('\n'.join(texts))


def make_locale(folder, name, source):
    """Makes a locale below folder, for LOCPATH; returns why that could not be, or None."""
    try:
        done = subprocess.run(['localedef', '--no-archive', '-c', '-i', source, '-f', 'UTF-8', os.path.join(folder, name)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return 'there is no localedef here'
    # It is made with warnings too.
    return None if os.path.exists(os.path.join(folder, name, 'LC_TIME')) else 'localedef: ' + done.stdout.strip()


class TapResult(unittest.TestResult):
    def __init__(self, *args):
        super().__init__(*args)
        self.count = 0

    def say(self, test, well, more='', words=''):
        self.count += 1
        print('%s %d - %s%s' % ('ok' if well else 'not ok', self.count, test.id().split('.')[-1], more))
        for line in words.splitlines():
            print('# ' + line)
        sys.stdout.flush()

    def addSuccess(self, test):
        self.say(test, True)

    def addSkip(self, test, reason):
        self.say(test, True, ' # SKIP ' + reason)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.say(test, False, words=self.failures[-1][1])

    def addError(self, test, error):
        super().addError(test, error)
        self.say(test, False, words=self.errors[-1][1])


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print('1..%d' % suite.countTestCases())
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
