#!/usr/bin/env python3
# test_contract.py: what scripts rely on: words, keys, types and exit statuses
#
# SPDX-License-Identifier: GPL-3.0-or-later

import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import subprocess
import threading
import time

from cli_bench import ANSWER_KEYS, CLI, DUE, SECRET, TASK_KEYS, CliCase, main

STATES = ['draft', 'queued', 'sending', 'failed', 'unconfirmed', 'synced']
UTC = re.compile(r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$')


class StrictServer:
    """Checks each request by the letter, and gives the answers it was told to."""

    def __init__(self, answers):
        outer = self
        self.faults = []
        self.requests = []
        self.answers = answers

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                outer.check(self, body)
                outer.requests.append((self.path, json.loads(body) if body else None))
                status, answer = outer.answer(self.path)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                outer.faults.append('GET ' + self.path)
                self.send_error(405)

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.address = 'http://127.0.0.1:%d' % self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, path):
        if 'ping' in path:
            return 200, {'ack': 'pong'}
        return self.answers.pop(0) if self.answers else (200, {'success': True, 'id': 800})

    def check(self, request, body):
        headers = request.headers
        md5 = hashlib.md5(body).hexdigest()
        date = headers['IVVY-Date'] or ''
        text = ('POST' + md5 + 'application/json' + request.path + '1.0' + 'ivvydate=' + date).lower()
        signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).hexdigest()
        for name, wanted in (('Content-Type', 'application/json'), ('Content-MD5', md5), ('X-Api-Version', '1.0'),
                             ('X-Api-Authorization', 'IWS practice:' + signature)):
            if headers[name] != wanted:
                self.faults.append('%s: %s instead of %s' % (name, headers[name], wanted))
        if not UTC.match(date):
            self.faults.append('IVVY-Date: ' + date)
        if headers['Date'] is not None:
            self.faults.append('Date: ' + headers['Date'])

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class ContractTest(CliCase):
    def use_strict_server(self, *answers):
        server = StrictServer(list(answers))
        self.addCleanup(server.stop)
        self.env['CRM_TASKS_ADDRESS'] = server.address
        return server

    def words(self, done):
        return done.stderr.decode()

    def assert_task(self, task, **wanted):
        self.assertEqual(list(task)[:len(TASK_KEYS)], TASK_KEYS)
        for key in ('localId', 'revision', 'attempts'):
            self.assertIs(type(task[key]), int, key)
        for key in ('id', 'venueId', 'leadId', 'contactId', 'companyId', 'assignedUserId', 'status'):
            self.assertIn(type(task[key]), (int, type(None)), key)
        for key in ('name', 'endDatetime', 'priority', 'description', 'nextAttempt'):
            self.assertIn(type(task[key]), (str, type(None)), key)
        self.assertIn(task['syncState'], STATES + ['removed'])
        for key, value in wanted.items():
            self.assertEqual(task[key], value, key)

    # The wire

    def test_signed_by_the_letter(self):
        server = self.use_strict_server()
        self.add('Überprüfung “Ω”', '--description', 'a\n"b" \\ <c>', '--venue', '11', '--lead', '3101')
        self.assertEqual(self.read('sync')['sent'], 1)
        self.assertEqual(server.faults, [])
        self.assertEqual(server.requests, [('/api/1.0/crm?action=addOrUpdateTask', {
            'name': 'Überprüfung “Ω”', 'endDatetime': '2026-12-01 17:00:00', 'venueId': 11, 'leadId': 3101,
            'description': 'a\n"b" \\ <c>'})])
        self.assert_task(self.task(1), id=800, syncState='synced', attempts=1)

    def test_cleared(self):
        server = self.use_strict_server()
        self.add('Full', '--lead', '7', '--venue', '11', '--description', 'text', '--status', 'in-progress',
                 '--priority', 'low', '--assignee', '3')
        self.read('sync')
        task = self.read('edit', '1', '--clear', 'leadId', '--clear', 'description', '--clear', 'status', '--clear',
                         'priority', '--clear', 'assignedUserId', '--company', '5')
        self.assert_task(task, revision=2, leadId=None, description=None, status=None, priority=None, companyId=5,
                         assignedUserId=None, syncState='queued', attempts=0)
        self.read('sync')
        self.assertEqual(server.requests[-1][1], {'id': 800, 'venueId': 11, 'leadId': None, 'companyId': 5,
                                                  'description': '', 'status': None, 'priority': '',
                                                  'assignedUserId': None})
        for args in (['--clear', 'nonsense'], ['--clear', 'name'], ['--clear', 'endDatetime'],
                     ['--clear', 'companyId', '--company', '3']):
            self.assertEqual(self.run_cli('edit', '1', *args, status=2).stdout, b'')
        self.assertIn('--name (name)', self.words(self.run_cli('edit', '1', '--clear', 'name', status=2)))
        self.assertEqual(self.task(1)['revision'], 2)

    def test_error_keys(self):
        self.use_strict_server((200, {'errorCode': 400, 'message': 'No', 'specificCode': 24394,
                                      'additionalMessages': ['leadId: *One*', 'Two']}),
                               (418, {'errorCode': 418, 'message': 'Teapot'}))
        self.add('First')
        self.add('Second')
        self.read('sync', status=1)
        self.assertEqual(self.task(1)['error'], {
            'httpStatus': 200, 'class': 'rejected', 'errorCode': 400, 'specificCode': 24394, 'message': 'No',
            'additionalMessages': ['leadId: *One*', 'Two']})
        self.assertEqual(self.task(2)['error'], {
            'httpStatus': 418, 'class': 'rejected', 'errorCode': 418, 'specificCode': None, 'message': 'Teapot',
            'additionalMessages': []})
        # By its specificCode, or by its errorCode when it has none.
        self.assertEqual(self.read('resubmit', '--code', '400'), [])
        self.assertEqual([t['localId'] for t in self.read('resubmit', '--code', '418')], [2])
        self.assertEqual([t['localId'] for t in self.read('resubmit', '--code', '24394')], [1])

    # Words, keys and types

    def test_output_alone(self):
        done = self.run_cli('add', '--name', 'One', *DUE)
        self.assertEqual((done.stdout, done.stderr), (b'1\n', b''))
        done = self.run_cli('add', '--name', 'Two', *DUE, '--json')
        self.assert_task(json.loads(done.stdout), localId=2, id=None, revision=1, attempts=0, nextAttempt=None, error=None)
        self.assertEqual(done.stderr, b'')
        done = self.run_cli('sync')
        self.assertEqual((len(done.stdout.splitlines()), done.stderr), (1, b''))
        self.assertEqual(len(self.run_cli('list').stdout.splitlines()), 2)
        for args in (['show'], ['show', 'x'], ['show', '9'], ['edit'], ['discard'], ['settle', '1'], ['sync', '--timeout', 'x'],
                     ['sync', '--settle', '-1'], ['list', '--sort', 'colour'], ['list', '--limit', 'x'], ['resubmit'],
                     ['resubmit', '--code', 'x'], ['settle', '1', '--sent-as', 'x'], ['settle', '1', '--sent-as', '5', '--send-again'],
                     ['account'], ['account', 'set'], [], ['add', '--crm-id', '5'], ['add', '--crm-id', 'x', '--name', 'N'],
                     ['add', '--name', 'N', *DUE, 'more'], ['show', '1', '2', '--nonsense']):
            done = self.run_cli(*args, status=2)
            self.assertEqual(done.stdout, b'', args)
            self.assertNotEqual(done.stderr, b'', args)

    def test_show(self):
        self.add('One')
        self.read('sync')
        task = self.task(1)
        self.assertEqual(list(task), TASK_KEYS + ['history'])
        [attempt] = task['history']
        self.assertEqual(sorted(attempt), sorted(['startedAt', 'finishedAt', 'revision'] + ANSWER_KEYS))
        self.assertRegex(attempt['startedAt'], UTC)
        self.assertRegex(attempt['finishedAt'], UTC)
        self.assertEqual((attempt['revision'], attempt['class'], attempt['httpStatus'], attempt['errorCode'],
                          attempt['specificCode'], attempt['message'], attempt['additionalMessages']),
                         (1, 'accepted', 200, None, None, None, []))

    def test_status(self):
        status = self.read('status')
        self.assertEqual(list(status), ['account', 'counts', 'lastSync'])
        self.assertEqual(status['account'], {'address': self.crm.address, 'key': 'practice'})
        self.assertEqual(status['counts'], dict.fromkeys(STATES, 0))
        self.assertIsNone(status['lastSync'])
        self.add('One')
        self.add('Two', '--draft')
        self.read('sync')
        status = self.read('status')
        self.assertEqual(status['counts'], dict(dict.fromkeys(STATES, 0), draft=1, synced=1))
        self.assertRegex(status['lastSync'], UTC)
        self.assertEqual(self.read('account', 'show'), {'address': self.crm.address, 'key': 'practice'})
        done = self.read('account', 'test')
        self.assertIs(done['ok'], True)
        done = self.run_cli('account', 'test', env=dict(self.env, CRM_TASKS_API_SECRET='wrong'), status=3)
        self.assertNotIn(b'wrong', done.stdout + done.stderr)

    def test_list(self):
        self.add('Beta call', '--priority', 'low')
        self.add('Alpha call', '--draft')
        self.add('Gamma visit', '--lead', '99999')
        self.read('sync', status=1)
        names = lambda *args: [t['name'] for t in self.read('list', *args)]
        for task in self.read('list'):
            self.assert_task(task)
        self.assertEqual(sorted(names()), ['Alpha call', 'Beta call', 'Gamma visit'])
        self.assertEqual(names('--state', 'failed'), ['Gamma visit'])
        self.assertEqual(sorted(names('--state', 'failed', '--state', 'draft')), ['Alpha call', 'Gamma visit'])
        self.assertEqual(sorted(names('--search', 'call')), ['Alpha call', 'Beta call'])
        self.assertEqual(names('--search', 'call', '--state', 'synced'), ['Beta call'])
        self.assertEqual(names('--search', '24395'), ['Gamma visit'])
        self.assertEqual(names('--search', '"\' OR *'), [])
        self.assertEqual(names('--sort', 'name'), ['Alpha call', 'Beta call', 'Gamma visit'])
        self.assertEqual(names('--sort', '-name', '--limit', '2'), ['Gamma visit', 'Beta call'])
        self.assertEqual(names('--limit', '0'), [])

    # WHEN

    def test_when(self):
        env = dict(self.env, TZ='Australia/Sydney')
        for when, utc in (('2026-12-01 17:00', '2026-12-01 06:00:00'), ('2026-12-01 17:00:30', '2026-12-01 06:00:30'),
                          ('2026-07-01 17:00', '2026-07-01 07:00:00'), ('2026-12-01 17:00Z', '2026-12-01 17:00:00'),
                          ('2026-12-01 17:00:00Z', '2026-12-01 17:00:00'),
                          ('2026-12-01 17:00+02:00', '2026-12-01 15:00:00'),
                          ('2026-12-01 17:00:05-0330', '2026-12-01 20:30:05')):
            done = self.run_cli('add', '--name', 'A', '--due', when, '--json', env=env)
            self.assertEqual(json.loads(done.stdout)['endDatetime'], utc, when)
            self.assertEqual(done.stderr, b'', when)
        # Clocks go from 2 to 3 on 4 October, and twice through 2 to 3 on 5 April.
        done = self.run_cli('add', '--name', 'A', '--due', '2026-10-04 02:30', env=env, status=2)
        self.assertIn('--due (endDatetime)', self.words(done))
        done = self.run_cli('add', '--name', 'A', '--due', '2026-04-05 02:30', '--json', env=env)
        self.assertEqual(json.loads(done.stdout)['endDatetime'], '2026-04-04 15:30:00')
        self.assertNotEqual(done.stderr, b'')
        for when in ('', 'tomorrow', '2026-13-01 10:00', '2026-12-01', '2026-12-01 24:00', '2026-12-01 10:60',
                     '2026-12-01 10:00 x', '2026-12-01 10:00+99:00'):
            done = self.run_cli('add', '--name', 'A', '--due', when, env=env, status=2)
            self.assertIn('--due (endDatetime)', self.words(done), when)

    # Exit statuses

    def test_database_first(self):
        for env in (dict(self.env, XDG_DATA_HOME='/dev/null'), dict(self.env, XDG_DATA_HOME='/proc/nowhere')):
            done = self.run_cli('add', '--name', 'A', *DUE, env=env, status=4)
            self.assertEqual(done.stdout, b'')
            self.run_cli('sync', env=env, status=4)
            self.run_cli('list', env=env, status=4)
        # What is refused as well.
        self.run_cli('add', '--name', 'A', env=dict(self.env, XDG_DATA_HOME='/dev/null'), status=4)

    def test_waiting_before_attention(self):
        self.add('Bad', '--lead', '99999')
        self.read('sync', status=1)
        self.crm.stop()
        self.add('Waiting')
        result = self.read('sync', '--timeout', '1', status=3)
        self.assertEqual(result, {'sent': 0, 'failed': 1, 'unconfirmed': 0, 'waiting': 1, 'paused': 'not-sent'})
        self.crm.start()
        self.assertEqual(self.read('sync', status=1),
                         {'sent': 1, 'failed': 1, 'unconfirmed': 0, 'waiting': 0, 'paused': None})

    def test_refused_by_state(self):
        self.crm.fault('cut-after,action=addOrUpdateTask', '403,times=0,action=getTaskList')
        self.add('In doubt')
        self.read('sync', '--settle', '0', status=1)
        self.add('Sent')
        self.read('sync', '--settle', '0', status=1)
        sent = self.task(2)
        self.assertIn(b'--yes', self.run_cli('discard', '1', status=2).stderr)
        self.run_cli('discard', '2', status=2)
        self.run_cli('discard', '--yes', '2', status=2)
        done = self.run_cli('settle', '1', '--sent-as', str(sent['id']), status=2)
        self.assertIn('2', self.words(done))
        self.run_cli('settle', '2', '--send-again', status=2)
        self.run_cli('submit', '1', status=2)
        self.assertEqual([t['syncState'] for t in self.read('submit', '2')], ['synced'])
        self.run_cli('resubmit', '--as-new', '1', '2', status=2)
        [gone] = self.read('discard', '--yes', '1')
        self.assert_task(gone, syncState='removed', localId=1, name='In doubt')
        self.run_cli('show', '1', status=2)
        self.assertEqual(len(self.crm.tasks()), 2)

    # sync

    def time_sync(self, *args, status, env=None):
        began = time.monotonic()
        done = self.run_cli('sync', '--json', *args, status=status, env=env)
        return json.loads(done.stdout), time.monotonic() - began, self.words(done)

    def test_given_up(self):
        for fault, klass in (('401,times=0', 'account'), ('html,times=0', 'not-a-crm'), ('redirect,times=0', 'not-a-crm'),
                             ('stale,times=0', 'clock')):
            self.crm.fault(fault)
            self.add('Waits')
            result, seconds, words = self.time_sync(status=3)
            self.assertEqual(result['paused'], klass, fault)
            self.assertLess(seconds, 30, fault)
            self.assertNotEqual(words, '')
            # The next start pings first, and gives up likewise.
            result, seconds, words = self.time_sync(status=3)
            self.assertEqual(result['paused'], klass, fault)
            self.crm.ask('/practice/faults', '')
            self.time_sync('--settle', '0', status=0)
        self.assertEqual(len(self.crm.tasks()), 4)

    def test_timeout(self):
        self.crm.fault('429=60,action=addOrUpdateTask')
        self.add('Waits')
        result, seconds, _ = self.time_sync('--timeout', '1', status=3)
        self.assertEqual(result, {'sent': 0, 'failed': 0, 'unconfirmed': 0, 'waiting': 1, 'paused': 'throttled'})
        self.assertLess(seconds, 5)
        result, seconds, _ = self.time_sync('--timeout', '0', status=3)
        self.assertLess(seconds, 5)
        self.assertEqual(len(self.crm.bodies()), 1)

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.crm.stop()
            self.add('Waits')
            with subprocess.Popen([CLI, 'sync', '--json'], env=self.env, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as sync:
                while b'reached' not in self.run_cli('status').stdout:
                    time.sleep(0.02)
                sync.send_signal(number)
                out, _ = sync.communicate(timeout=20)
            self.assertEqual(sync.returncode, 3)
            self.assertEqual(json.loads(out)['paused'], 'not-sent')
            self.crm.start()
            self.assertEqual(self.read('sync')['sent'], 1)

    def test_nothing_to_do(self):
        self.crm.stop()
        self.assertEqual(self.read('sync'), {'sent': 0, 'failed': 0, 'unconfirmed': 0, 'waiting': 0, 'paused': None})
        self.crm.start()

    def test_found_is_sent(self):
        self.crm.fault('cut-after,action=addOrUpdateTask')
        self.add('Found')
        result, seconds, _ = self.time_sync('--settle', '1', status=0)
        self.assertEqual(result, {'sent': 1, 'failed': 0, 'unconfirmed': 0, 'waiting': 0, 'paused': None})
        self.assert_task(self.task(1), id=self.crm.tasks()[0]['id'], attempts=1, error=None)

    # Accounts

    def test_another_account(self):
        self.add('Of the first')
        done = self.run_cli('status', env=dict(self.env, CRM_TASKS_API_KEY='another'))
        self.assertIn(self.crm.address, self.words(done))
        self.assertIn('practice', self.words(done))
        self.assertEqual(self.read('status')['counts']['queued'], 1)

    def test_part_of_an_account(self):
        names = ['CRM_TASKS_ADDRESS', 'CRM_TASKS_API_KEY', 'CRM_TASKS_API_SECRET']
        for name in names:
            env = {k: v for k, v in self.env.items() if k != name}
            done = self.run_cli('sync', env=env, status=3)
            self.assertIn(name, self.words(done))
            for other in names:
                if other != name:
                    self.assertNotIn(other, self.words(done))

    def test_bad_address(self):
        for address in ('http://crm.example.com', 'ftp://127.0.0.1'):
            env = dict(self.env, CRM_TASKS_ADDRESS=address)
            done = self.run_cli('sync', env=env, status=None)
            self.assertIn(done.returncode, (2, 3), address)
            self.assertNotEqual(done.stderr, b'')

    def test_folder_is_private(self):
        self.add('One')
        top = os.path.join(self.folder, 'data', 'crm-tasks')
        [account] = [name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name))]
        self.assertEqual(os.stat(os.path.join(top, account)).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(os.path.join(top, account, 'tasks.db')).st_mode & 0o777, 0o600)


if __name__ == '__main__':
    main(ContractTest)
