#!/usr/bin/env python3
# test_bad_answers.py: a server that answers with anything: a clear error on the row, little memory, the rest goes on
#
# SPDX-License-Identifier: GPL-3.0-or-later

import concurrent.futures
import http.server
import json
import select
import signal
import subprocess
import threading
import time
import zlib

from cli_bench import CLI, DUE, SANITIZED, CliCase, main

MOST_MEMORY = 80
MIB = 1024 * 1024
ID = 5000


def squeeze(start, size):
    """@start and @size MiB of spaces as gzip, without having them."""
    squeezer = zlib.compressobj(wbits=31)
    pieces = [squeezer.compress(start)] + [squeezer.compress(b' ' * MIB) for _ in range(size)]
    return b''.join(pieces) + squeezer.flush()


def reply(body, status='200 OK', kind='application/json', headers='', length=None):
    """Bytes for an answer; text is sent as UTF-8."""
    body = body.encode() if isinstance(body, str) else body
    head = 'HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n'
    return head.encode() % (status.encode(), kind.encode(), headers.encode(), len(body) if length is None else length) + body


def reply_ok(id_text, more=''):
    return reply('{"success": true, "id": %s%s}' % (id_text, more))


CHUNKED = b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
OK = reply_ok(ID)
DEEP = 200000

# No understandable answer came (API.md §1).
UNCONFIRMED = {
    'nested': reply('[' * DEEP),
    'nested and closed': reply('[' * DEEP + ']' * DEEP),
    'nested objects': reply('{"a":' * 150000 + '1' + '}' * 150000),
    'nested beside': reply_ok(ID, ', "more": ' + '[' * DEEP + ']' * DEEP),
    'array': reply('[{"success": true, "id": %d}]' % ID),
    'number': reply('755'),
    'text': reply('"success"'),
    'null': reply('null'),
    'nothing in it': reply('{}'),
    'success as text': reply('{"success": "true", "id": %d}' % ID),
    'success as number': reply('{"success": 1, "id": %d}' % ID),
    'success as array': reply('{"success": [true], "id": %d}' % ID),
    'success as null': reply('{"success": null, "id": %d}' % ID),
    'success false': reply('{"success": false}'),
    'success twice': reply('{"success": true, "success": false, "id": %d}' % ID),
    'success and code': reply_ok(ID, ', "errorCode": 400'),
    'success and odd code': reply_ok(ID, ', "specificCode": "x"'),
    'no success': reply('{"id": %d}' % ID),
    'no id': reply('{"success": true}'),
    'id 0': reply_ok('0'),
    'id -1': reply_ok('-1'),
    'id 1.5': reply_ok('1.5'),
    'id 1e30': reply_ok('1e30'),
    'id as text': reply_ok('"755"'),
    'id null': reply_ok('null'),
    'id true': reply_ok('true'),
    'id array': reply_ok('[755]'),
    'id object': reply_ok('{"id": 755}'),
    'id huge': reply_ok('99999999999999999999'),
    'id at the edge': reply_ok('9223372036854775808'),
    'id endless': reply_ok('7' * 100000),
    'id twice': reply_ok('%d, "id": 0' % ID),
    'raw NUL': reply(b'{"success": true, "id": 5000, "message": "a\0b"}'),
    'NUL behind': reply(b'{"success": true, "id": 5000}\0'),
    'not UTF-8': reply(b'{"success": true, "id": 5000, "message": "caf\xe9"}'),
    'UTF-16': reply('{"success": true, "id": 5000}'.encode('utf-16')),
    'empty': reply(''),
    'empty, 204': reply('', '204 No Content'),
    'space': reply(' \r\n\t '),
    'two values': reply('{"success": true, "id": 5000} {"success": true, "id": 5001}'),
    'comma at the end': reply_ok(ID, ','),
    'comment': reply('/* */ {"success": true, "id": 5000}'),
    'cut off JSON': reply('{"success": true, "id": 50'),
    'cut off body': reply('{"success": true, "id": 5000', length=100),
    'cut off number': reply('{"success": true, "id": 50}', length=29),
    'cut off head': b'HTTP/1.1 200 OK\r\nContent-Type: app',
    'cut off chunk': CHUNKED + b'ff\r\n{"success": true, "id": 5000}',
    'no last chunk': CHUNKED + b'1d\r\n{"success": true, "id": 5000}\r\n',
    'chunk of no size': CHUNKED + b'zz\r\n{"success": true, "id": 5000}\r\n0\r\n\r\n',
    'chunk of absurd size': CHUNKED + b'ffffffffffffffffff\r\n{"success": true, "id": 5000}\r\n0\r\n\r\n',
    'no answer': b'',
    'no HTTP': b'{"success": true, "id": 5000}',
    'not HTTP': bytes(range(256)) * 8,
    'lines only': b'\r\n' * 1000,
    'absurd version': OK.replace(b'HTTP/1.1', b'HTTP/9.9'),
    'status in words': OK.replace(b'200 OK', b'good'),
    'gzip': reply(squeeze(b'{"success": true, "id": 5000}', 0), headers='Content-Encoding: gzip\r\n'),
    'gzip bomb': reply(squeeze(b'{"success": true, "id": 5000}', 150), headers='Content-Encoding: gzip\r\n'),
    'long header': reply(OK, headers='X-Long: %s\r\n' % ('x' * MIB)),
    'many headers': reply(OK, headers='X-Many: yes\r\n' * 80000),
}

# Odd, but to be understood.
ACCEPTED = {
    'byte order mark': lambda crm_id: reply(b'\xef\xbb\xbf{"success": true, "id": %d}' % crm_id),
    'keys twice': lambda crm_id: reply_ok('1, "id": %d, "x": 1, "x": [2]' % crm_id),
    'unknown keys': lambda crm_id: reply_ok(crm_id, ', "more": {"a": [1, null, "\\ud800"]}, "message": 7'),
    'empty codes': lambda crm_id: reply_ok(crm_id, ', "errorCode": null, "specificCode": "", "additionalMessages": 5'),
    'absurd status': lambda crm_id: reply(good_json(crm_id), status='999 What'),
    'chunked': lambda crm_id: CHUNKED + b'%x\r\n%s\r\n0\r\n\r\n' % (len(good_json(crm_id)), good_json(crm_id)),
}

# What the error keys say when they are odd.
REJECTED = {
    'NUL in words': (reply('{"specificCode": 24395, "message": "a\\u0000b", "additionalMessages": ["leadId: \\u0000"]}'),
                     24395, None),
    'codes as text': (reply('{"specificCode": "24395", "errorCode": "400", "message": {"a": 1}}'), 24395, 400),
    'unknown code': (reply('{"errorCode": 999, "message": ["x"], "additionalMessages": {"a": "b"}}'), None, 999),
    'long words': (reply('{"errorCode": 400, "message": "%s"}' % ('x' * 500000)), None, 400),
    'many words': (reply('{"errorCode": 400, "additionalMessages": [%s]}' % ', '.join(['"x"'] * 100000)), None, 400),
    'words turned around': (reply('{"errorCode": 400, "message": "\\u202etxet\\u0007\\u001b[2J"}'), None, 400),
}


def good_json(crm_id):
    return b'{"success": true, "id": %d}' % crm_id


def pour(connection, piece, times=None):
    """Sends @piece again and again, until the other end has enough."""
    while times is None or times > 0:
        connection.sendall(piece)
        times = times - 1 if times is not None else None


def stall(connection):
    """Waits until the other end closes."""
    while connection.recv(4096):
        pass


def drip(connection, piece):
    while not select.select([connection], [], [], 0.2)[0]:
        connection.sendall(piece)


def head(length):
    return reply('', length=length)


# More than anyone can take; each has the connection.
ENDLESS = {
    '100 MB': lambda c: (c.sendall(head(100 * MIB)), pour(c, b' ' * MIB, 100)),
    '100 MB of words': lambda c: (c.sendall(head(100 * MIB) + b'{"errorCode": 400, "message": "'), pour(c, b'x' * MIB)),
    '10 GB declared': lambda c: (c.sendall(head(10 ** 10) + good_json(ID)), pour(c, b' ' * MIB)),
    'absurd length': lambda c: (c.sendall(head(10 ** 30)), pour(c, b' ' * MIB)),
    'negative length': lambda c: (c.sendall(head(-1)), pour(c, b' ' * MIB)),
    'no length': lambda c: (c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n'), pour(c, b'[' * MIB)),
    'chunks': lambda c: (c.sendall(CHUNKED), pour(c, b'400\r\n' + b' ' * 1024 + b'\r\n')),
    'small chunks': lambda c: (c.sendall(CHUNKED), pour(c, b'10\r\n[[[[[[[[[[[[[[[[\r\n' * 5000)),
    'chunk extension': lambda c: (c.sendall(CHUNKED + b'1;'), pour(c, b'x' * MIB)),
    'trailers': lambda c: (c.sendall(CHUNKED + b'2\r\n{}\r\n0\r\n'), pour(c, b'X-More: yes\r\n' * 10000)),
    'headers': lambda c: (c.sendall(b'HTTP/1.1 200 OK\r\n'), pour(c, b'X-More: yes\r\n' * 10000)),
    'header': lambda c: (c.sendall(b'HTTP/1.1 200 OK\r\nX-More: '), pour(c, b'x' * MIB)),
    'status line': lambda c: (c.sendall(b'HTTP/1.1 200 '), pour(c, b'x' * MIB)),
    'continue': lambda c: pour(c, b'HTTP/1.1 100 Continue\r\n\r\n' * 1000),
    'gzip bomb': lambda c: (c.sendall(CHUNKED.replace(b'\r\n\r\n', b'\r\nContent-Encoding: gzip\r\n\r\n')),
                            pour(c, b'%x\r\n%s\r\n' % (len(SPACES), SPACES))),
}
SPACES = squeeze(b'', 10)

STALLS = {
    'silent': stall,
    'silent in the head': lambda c: (c.sendall(b'HTTP/1.1 200 OK\r\n'), stall(c)),
    'silent in the body': lambda c: (c.sendall(head(100) + good_json(ID)), stall(c)),
    'dripping head': lambda c: (c.sendall(b'HTTP/1.1 200 OK\r\nX-Slow: '), drip(c, b'x')),
    'dripping body': lambda c: (c.sendall(head(10 ** 6)), drip(c, b' ')),
    'dripping chunks': lambda c: (c.sendall(CHUNKED), drip(c, b'1\r\n \r\n')),
}


class BadCrm:
    """Answers what it was told to for a task of that name, and well for others. Checks no signatures."""

    def __init__(self):
        outer = self
        self.answers = {}
        self.lists = {}
        self.loses = False  # whether a task that is badly answered was made all the same
        self.tasks = []
        self.sent = []
        self.guard = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            timeout = 120

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                key = self.headers['X-Api-Authorization'].split()[1].split(':')[0]
                answer = outer.answer(self.path, json.loads(body) if body else {}, key)
                try:
                    if callable(answer):
                        answer(self.connection)
                    else:
                        self.connection.sendall(answer)
                except OSError:
                    pass
                self.close_connection = True

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.address = 'http://127.0.0.1:%d' % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, body, key):
        if 'ping' in path:
            return self.answers.get('ping', reply('{"ack": "pong"}'))
        with self.guard:
            if 'getTaskList' in path:
                return self.lists[key](body) if key in self.lists else self.answer_list()
            self.sent.append(body)
            name = body.get('name')
            bad = self.answers.get(name)
            if bad is None or self.loses:
                crm_id = body.get('id') or ID + len(self.sent)
                self.tasks.append({**body, 'id': crm_id})
                bad = bad if bad is not None else reply(good_json(crm_id))
            return bad

    def answer_list(self):
        rows = [{**task, 'createdDate': time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime())} for task in self.tasks]
        return reply(json.dumps({'meta': {'totalResults': len(rows), 'start': 0, 'perPage': 100, 'count': len(rows)},
                                 'results': rows}))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class BadAnswersTest(CliCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.bad = BadCrm()
        self.addCleanup(self.bad.stop)
        self.env['CRM_TASKS_ADDRESS'] = self.bad.address

    def env_of(self, name):
        """Tasks and a key of its own, so that cases can go on at the same time."""
        return dict(self.env, XDG_DATA_HOME='%s/%s' % (self.folder, name), CRM_TASKS_API_KEY=name.replace(' ', '-'))

    def check_run(self, name, memory, words):
        for bad in (b'CRITICAL', b'assertion', b'WARNING', b'runtime error', b'Sanitizer'):
            self.assertNotIn(bad, words, name)
        if not SANITIZED:
            self.assertLess(memory, MOST_MEMORY, name)

    def sync_until_calm(self):
        """Ends it when nothing is left to send, for what is unconfirmed would be waited for."""
        result = []
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            process = subprocess.Popen([CLI, 'sync', '--json', '--settle', '600', '--timeout', '120'], env=self.env,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            done = pool.submit(process.communicate)
            while not done.done():
                counts = self.read('status')['counts']
                if counts['queued'] + counts['sending'] == 0:
                    process.send_signal(signal.SIGTERM)
                    break
            result = done.result(timeout=120)
        self.check_run('all', 0, result[1])
        return process.returncode, json.loads(result[0])

    # Answers to adds

    def test_bad_among_good(self):
        good = []
        for number, name in enumerate(UNCONFIRMED):
            self.add(name)
            if number % 2 == 0:
                good.append(self.add('Good %d' % number))
        self.bad.answers = UNCONFIRMED
        status, result = self.sync_until_calm()
        self.assertEqual((status, result['failed'], result['waiting'], result['paused']), (1, 0, 0, None))

        for task in self.read('list'):
            if task['localId'] in good:
                self.assertEqual(task['syncState'], 'synced')
                continue
            name = task['name']
            self.assertEqual((task['syncState'], task['error'] and task['error']['class']), ('unconfirmed', 'unconfirmed'),
                             (name, self.task(task['localId'])))
            self.assertEqual([attempt['class'] for attempt in self.task(task['localId'])['history']], ['unconfirmed'], name)
            self.assertIsNone(task['id'], name)
        for line in self.run_cli('list', '--state', 'unconfirmed').stdout.decode().splitlines():
            self.assertRegex(line, ' — .{10}')

        # It wasn't made, and the person says so.
        self.bad.answers = {}
        for task in self.read('list', '--state', 'unconfirmed'):
            [again] = self.read('settle', str(task['localId']), '--send-again')
            self.assertEqual((again['syncState'], again['error']), ('queued', None))
        self.read('sync')
        self.assertEqual(sorted(task['name'] for task in self.bad.tasks), sorted(task['name'] for task in self.read('list')))

    def test_bad_but_made(self):
        for name in UNCONFIRMED:
            self.add(name)
        self.bad.answers = UNCONFIRMED
        self.bad.loses = True
        status, out, words, memory = self.measure_cli('sync', '--settle', '1', '--timeout', '120', '--json')
        self.check_run('all', memory, words)
        self.assertEqual((status, json.loads(out)['sent']), (0, len(UNCONFIRMED)), words)
        self.assertEqual(len(self.bad.sent), len(UNCONFIRMED))
        self.assertEqual(sorted((task['name'], task['id']) for task in self.bad.tasks),
                         sorted((task['name'], task['id']) for task in self.read('list', '--state', 'synced')))

    def test_odd_but_good(self):
        for number, (name, answer) in enumerate(ACCEPTED.items()):
            self.bad.answers[name] = answer(ID + number)
            self.add(name)
        self.read('sync')
        self.assertEqual({task['name']: task['id'] for task in self.read('list')},
                         {name: ID + number for number, name in enumerate(ACCEPTED)})

    def test_rejected(self):
        for name, (answer, _, _) in REJECTED.items():
            self.bad.answers[name] = answer
            self.add(name)
        self.read('sync', status=1)
        for task in self.read('list'):
            name, error = task['name'], task['error']
            self.assertEqual((task['syncState'], error['class']), ('failed', 'rejected'), name)
            self.assertEqual((error['specificCode'], error['errorCode']), REJECTED[name][1:], name)
            self.assertLess(len(json.dumps(task)), 10000, name)
            for character in '\0\a\x1b\u202e':
                self.assertNotIn(character, json.dumps(task, ensure_ascii=False), name)
        self.assertNotIn('\x1b', self.run_cli('list').stdout.decode())

    def test_endless(self):
        def run(name):
            env = self.env_of(name)
            self.run_cli('add', '--name', name, *DUE, env=env)
            self.run_cli('add', '--name', 'Good after ' + name, *DUE, env=env)
            began = time.monotonic()
            status, out, words, memory = self.measure_cli('sync', '--json', '--settle', '600', '--timeout', '2', env=env)
            seconds = time.monotonic() - began
            tasks = json.loads(self.run_cli('list', '--json', '--sort', 'name', env=env).stdout)
            return name, status, json.loads(out), words, memory, seconds, tasks

        self.bad.answers = ENDLESS
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for name, status, result, words, memory, seconds, tasks in pool.map(run, ENDLESS):
                self.check_run(name, memory, words)
                self.assertEqual((status, result), (1, {'sent': 1, 'failed': 0, 'unconfirmed': 1, 'waiting': 0, 'paused': None}), name)
                self.assertLess(seconds, 30 if SANITIZED else 10, name)
                [bad] = [task for task in tasks if task['name'] == name]
                self.assertEqual((bad['syncState'], bad['error']['class']), ('unconfirmed', 'unconfirmed'), name)
                self.assertRegex(self.run_cli('show', str(bad['localId']), env=self.env_of(name)).stdout.decode(),
                                 'The (server|connection) .{10}|No clear answer', name)

    def test_stalled(self):
        def run(name):
            env = self.env_of(name)
            self.run_cli('add', '--name', name, *DUE, env=env)
            return name, *self.measure_cli('sync', '--json', '--settle', '600', '--timeout', '1', env=env), env

        self.bad.answers = STALLS
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(len(STALLS)) as pool:
            for name, status, out, words, memory, env in pool.map(run, STALLS):
                self.check_run(name, memory, words)
                # What is under way is waited for, but not for ever.
                self.assertEqual((status, json.loads(out)['unconfirmed']), (1, 1), name)
                [task] = json.loads(self.run_cli('list', '--json', env=env).stdout)
                self.assertIn('30', task['error']['message'], name)
        self.assertLess(time.monotonic() - began, 60)

    # Answers to updates

    def test_updates(self):
        cases = {name: answer for name, answer in UNCONFIRMED.items() if name in
                 ('nested', 'empty', 'cut off body', 'id -1', 'id as text', 'success false', 'not UTF-8', 'no answer')}
        cases['another id'] = reply_ok(ID)
        for number, name in enumerate(cases):
            self.read('add', '--crm-id', str(100 + number), '--name', name)
            self.add('Good %d' % number)
        self.bad.answers = cases
        status, out, words, memory = self.measure_cli('sync', '--json', '--timeout', '3')
        self.check_run('all', memory, words)
        self.assertEqual((status, json.loads(out)['waiting']), (3, len(cases)))
        for task in self.read('list', '--state', 'queued'):
            self.assertEqual(task['id'], 100 + list(cases).index(task['name']))
            self.assertGreater(task['attempts'], 0)
            self.assertEqual({attempt['class'] for attempt in self.task(task['localId'])['history']}, {'unconfirmed'})
        # An update is sent again: it does no harm twice.
        self.bad.answers = {}
        self.read('sync')
        self.assertEqual(self.read('status')['counts']['synced'], 2 * len(cases))

    # Answers to looks

    def test_bad_lists(self):
        def rows(*rows, total=None, meta=None):
            meta = meta if meta is not None else {'totalResults': len(rows) if total is None else total}
            return lambda body: reply(json.dumps({'meta': meta, 'results': list(rows)}))

        def raw(text):
            return lambda body: reply(text)

        row = {'id': 7, 'name': 'Sought', 'endDatetime': '2026-12-01 17:00:00'}
        self.bad.lists = {
            'nested': raw('[' * DEEP), 'nested-rows': raw('{"meta": {"totalResults": 1}, "results": %s}' % ('[' * DEEP)),
            'empty': raw(''), 'no-meta': raw('{"results": []}'), 'no-results': raw('{"meta": {"totalResults": 0}}'),
            'odd-meta': rows(meta=[]), 'odd-total': rows(total='x'), 'total-negative': rows(total=-1),
            'total-too-great': rows(total=1e30), 'fewer': rows(row, total=5), 'same-again': rows(row, row),
            'odd-rows': rows(1, 'two', None, []), 'id-0': rows({**row, 'id': 0}), 'id-negative': rows({**row, 'id': -7}),
            'id-fraction': rows({**row, 'id': 1.5}), 'id-great': rows({**row, 'id': 1e30}),
            'odd-name': rows({**row, 'name': {'a': 1}, 'endDatetime': []}), 'huge': lambda body: ENDLESS['no length'],
            'cut': lambda body: UNCONFIRMED['cut off body'], 'gzip': lambda body: UNCONFIRMED['gzip bomb'],
        }
        self.bad.answers = {'Sought': reply('')}

        def run(name):
            env = self.env_of(name)
            self.run_cli('add', '--name', 'Sought', *DUE, env=env)
            status, out, words, memory = self.measure_cli('sync', '--json', '--settle', '600', '--timeout', '2', env=env)
            return name, status, out, words, memory, env

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for name, status, out, words, memory, env in pool.map(run, self.bad.lists):
                self.check_run(name, memory, words)
                self.assertEqual((status, json.loads(out)['unconfirmed']), (1, 1), name)
                [task] = json.loads(self.run_cli('list', '--json', env=env).stdout)
                self.assertEqual((task['syncState'], task['error']['class'], task['id']), ('unconfirmed', 'unconfirmed', None), name)
        self.assertEqual(len(self.bad.sent), len(self.bad.lists))

    # Answers to pings

    def test_bad_pings(self):
        for name, answer in {**UNCONFIRMED, **ENDLESS}.items():
            self.bad.answers['ping'] = answer
            status, _, words, memory = self.measure_cli('account', 'test')
            self.check_run(name, memory, words)
            self.assertIn(status, (0, 3), name)


if __name__ == '__main__':
    main(BadAnswersTest)
