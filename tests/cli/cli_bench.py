# cli_bench.py: runs the command line and the practice CRM, each a process of its own
#
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

CLI = os.environ['CRM_TASKS_CLI']
PRACTICE = os.environ['CRM_TASKS_PRACTICE']
SECRET = 'practice-secret'
with open(CLI, 'rb') as program:
    SANITIZED = b'__asan_init' in program.read()

TASK_KEYS = ['localId', 'id', 'name', 'endDatetime', 'venueId', 'leadId', 'contactId', 'companyId', 'priority',
             'assignedUserId', 'status', 'description', 'revision', 'syncState', 'attempts', 'nextAttempt', 'error']
ANSWER_KEYS = ['httpStatus', 'class', 'errorCode', 'specificCode', 'message', 'additionalMessages']
DUE = ['--due', '2026-12-01 17:00Z']


class Crm:
    """The practice CRM as a program; what it holds survives a restart on the same port."""

    def __init__(self, folder):
        self.state = os.path.join(folder, 'practice.json')
        self.port = 0
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([PRACTICE, '--quiet', '--port', str(self.port), '--state', self.state],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.rsplit(':', 1)[1])

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, path, body=None):
        data = body.encode() if body is not None else None
        with urllib.request.urlopen(urllib.request.Request(self.address + path, data=data), timeout=10) as answer:
            return answer.read()

    def fault(self, *specs):
        self.ask('/practice/faults', '\n'.join(specs))

    def tasks(self):
        return json.loads(self.ask('/practice/tasks'))

    def bodies(self):
        return [json.loads(r['body']) for r in json.loads(self.ask('/practice/requests'))
                if 'addOrUpdateTask' in r['target']]


class CliCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='crm-cli-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.crm = Crm(self.folder)
        self.addCleanup(self.crm.stop)
        self.env = {'PATH': os.environ['PATH'], 'HOME': self.folder, 'XDG_DATA_HOME': os.path.join(self.folder, 'data'),
                    'LANG': 'C.UTF-8', 'TZ': 'UTC', 'G_DEBUG': 'fatal-criticals',
                    'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent',
                    'CRM_TASKS_ADDRESS': self.crm.address, 'CRM_TASKS_API_KEY': 'practice', 'CRM_TASKS_API_SECRET': SECRET}
        for name in ('ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'G_SLICE'):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def run_cli(self, *args, status=0, env=None):
        done = subprocess.run([CLI, *args], env=env or self.env, capture_output=True, timeout=120)
        if status is not None:
            self.assertEqual(done.returncode, status, (args, done.stdout, done.stderr))
        self.assertNotIn(SECRET.encode(), done.stdout + done.stderr)
        return done

    def measure_cli(self, *args, env=None):
        """Returns its status, output, complaints, and its most memory in MiB."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen([CLI, *args], env=env or self.env, stdout=out, stderr=err)
            watchdog = threading.Timer(300, process.kill)
            watchdog.start()
            _, status, usage = os.wait4(process.pid, 0)
            watchdog.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return process.returncode, out.read(), err.read(), usage.ru_maxrss / 1024

    def read(self, *args, status=0):
        return json.loads(self.run_cli(*args, '--json', status=status).stdout)

    def add(self, name, *args):
        return self.read('add', '--name', name, *DUE, *args)['localId']

    def task(self, local_id):
        return self.read('show', str(local_id))


class Tap(unittest.TestResult):
    """Prints the Test Anything Protocol."""

    def __init__(self):
        super().__init__()
        self.number = 0

    def say(self, test, ok, trouble=None):
        self.number += 1
        print('%sok %d %s' % ('' if ok else 'not ', self.number, test._testMethodName), flush=True)
        if trouble is not None:
            print('\n'.join('# ' + line for line in self._exc_info_to_string(trouble, test).splitlines()), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say(test, True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.number += 1
        print('ok %d %s # SKIP %s' % (self.number, test._testMethodName, reason), flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, False, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, False, err)


def main(case):
    names = sys.argv[1:]
    suite = (unittest.TestSuite(case(name) for name in names) if names
             else unittest.defaultTestLoader.loadTestsFromTestCase(case))
    result = Tap()
    print('1..%d' % suite.countTestCases())
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
