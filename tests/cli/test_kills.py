#!/usr/bin/env python3
# test_kills.py: the command line killed at random moments: nothing lost, nothing doubled
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# CRM_TASKS_KILLS sets how many kills there are at least, CRM_TASKS_SEED replays the choices of a run.

import json
import os
import random
import re
import shutil
import subprocess
import time

from cli_bench import CLI, CliCase, main

KILLS = int(os.environ.get('CRM_TASKS_KILLS', '200'))
SEED = int(os.environ.get('CRM_TASKS_SEED') or int.from_bytes(os.urandom(4), 'big'))
ROUND = 40

FIELDS = ['name', 'endDatetime', 'description', 'priority', 'status', 'leadId', 'companyId']
OWNERS = [{'leadId': 2665, 'companyId': None}, {'leadId': None, 'companyId': 51}, {'leadId': None, 'companyId': None}]
OPTIONS = {'name': '--name', 'endDatetime': '--due', 'description': '--description', 'priority': '--priority',
           'status': '--status', 'leadId': '--lead', 'companyId': '--company'}
SEND = 'action=addOrUpdateTask'
FAULTS = ['cut-before,', 'cut-after,', 'cut-before=reset,', 'cut-after=reset,', 'create-then-500,', '500,', '503,',
          'truncated,', 'empty,', 'malformed,', 'success-false,', 'id-absurd=0,', '429=0,', 'stale,', 'html,']
SLOW = 'delay=%d,times=0,' + SEND


def key_of(name):
    return name.split(',')[0]


def as_options(values, clear):
    options = []
    for field, value in values.items():
        if value is not None:
            options += [OPTIONS[field], value + 'Z' if field == 'endDatetime' else str(value)]
        elif clear:
            options += ['--clear', field]
    return options


class KillsTest(CliCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.chance = random.Random('%d %s' % (SEED, self._testMethodName))
        self.made = 0
        self.kills = 0
        self.cut_off = 0
        self.wanted = {}
        self.story = []
        began = time.monotonic()
        self.run_cli('list')
        self.run_cli('list')
        self.span = (time.monotonic() - began) / 2
        print('# %s: CRM_TASKS_SEED=%d' % (self._testMethodName, SEED), flush=True)

    def tell(self, words):
        self.story.append(words)

    def insist(self, found, wanted, local_id=None):
        """Tells how it came about when they differ."""
        if found == wanted:
            return
        lines = ['seed %d, kill %d' % (SEED, self.kills)] + self.story[-40:]
        if local_id is not None:
            lines.append(self.run_cli('show', str(local_id), '--json', status=None).stdout.decode())
        lines.append(self.run_cli('list', status=None).stdout.decode())
        self.assertEqual(found, wanted, '\n'.join(lines))

    # Processes

    def begin(self, *args):
        self.tell('begun: ' + ' '.join(args[:2]))
        return subprocess.Popen([CLI, *args], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kill_later(self, process, longest):
        """Returns whether it was still at work; what it printed is in process.printed."""
        time.sleep(self.chance.uniform(0, longest))
        at_work = process.poll() is None
        process.kill()
        process.printed, words = process.communicate()
        self.assertNotIn(b'CRITICAL', words)
        self.kills += at_work
        self.tell('killed' if at_work else 'ended: %d' % process.returncode)
        return at_work

    # What a person does, and remembers

    def invent(self):
        self.made += 1
        values = {'name': 'Task %04d' % self.made, 'endDatetime': '2026-12-01 17:00:00', 'description': 'As made',
                  'priority': self.chance.choice(['low', 'medium', 'high']), 'status': self.chance.randrange(5)}
        values.update(self.chance.choice(OWNERS))
        return values

    def reinvent(self, values):
        self.made += 1
        changed = {'description': 'Edition %d' % self.made, 'name': '%s, edition %d' % (key_of(values['name']), self.made),
                   'priority': self.chance.choice(['low', 'medium', 'high']), 'status': self.chance.randrange(5),
                   'endDatetime': '2026-12-%02d 09:30:00' % self.chance.randrange(1, 29)}
        changed = {field: changed[field] for field in self.chance.sample(sorted(changed), self.chance.randint(1, 3))}
        if self.chance.random() < 0.3:
            changed.update(self.chance.choice(OWNERS))
        return changed

    def choose(self):
        """Returns a command, and what is wanted when it has taken effect: by local id, or None for a new one."""
        kind = self.chance.choices(['add', 'draft', 'edit', 'submit'], [5, 1, 5, 2])[0]
        drafts = [local_id for local_id, values in self.wanted.items() if values['draft']]
        if kind == 'edit' and self.wanted:
            local_id = self.chance.choice(list(self.wanted)[-30:])
            changed = self.reinvent(self.wanted[local_id])
            return ['edit', str(local_id), *as_options(changed, True)], local_id, {**self.wanted[local_id], **changed}
        if kind == 'submit' and drafts:
            local_id = self.chance.choice(drafts)
            return ['submit', str(local_id)], local_id, {**self.wanted[local_id], 'draft': False}
        values = self.invent()
        options = ['--draft'] if kind == 'draft' else []
        return ['add', *as_options(values, False), *options], None, {**values, 'draft': kind == 'draft'}

    def act(self):
        command, local_id, values = self.choose()
        self.tell(' '.join(command))
        printed = self.run_cli(*command).stdout
        self.wanted[local_id if local_id is not None else int(printed)] = values

    def act_and_be_killed(self):
        """Returns what there may be then: look() tells which."""
        command, local_id, values = self.choose()
        self.tell(' '.join(command))
        process = self.begin(*command)
        self.kill_later(process, 1.2 * self.span)
        acknowledged = process.printed.endswith(b'\n') or process.returncode == 0

        if local_id is None:
            local_id = int(process.printed) if acknowledged else max(self.wanted, default=0) + 1
        done = {**self.wanted, local_id: values}
        return [done] if acknowledged else [done, self.wanted]

    def look(self, possible):
        """Only while nothing else has the database open: what a killed process had written, but not yet told the others
        of, they don't see, and it is there when the last of them has ended and none of them has written."""
        rows = self.read('list')
        self.cut_off += sum(row['syncState'] == 'sending' for row in rows)
        self.wanted = self.as_wanted(rows)
        self.insist(self.wanted, self.wanted if self.wanted in possible else possible[0])

    def as_wanted(self, rows):
        return {row['localId']: {**{field: row[field] for field in FIELDS}, 'draft': row['syncState'] == 'draft'}
                for row in rows}

    # What is counted in the end

    def check(self):
        there = {}
        for task in self.crm.tasks():
            task['endDatetime'] = task['endDatetime'].removesuffix(' UTC')
            task['description'] = re.sub('</?p>', '', task['description'])
            there.setdefault(key_of(task['name']), []).append(task)
        rows = self.read('list')
        self.insist(self.as_wanted(rows), self.wanted)
        for row in rows:
            local_id = row['localId']
            wanted = self.wanted[local_id]
            found = there.pop(key_of(wanted['name']), [])
            if wanted['draft']:
                self.insist(found, [], local_id)
                continue
            self.insist(row['syncState'], 'synced', local_id)
            self.insist([task['id'] for task in found], [row['id']], local_id)
            self.insist({field: found[0][field] for field in FIELDS}, {field: wanted[field] for field in FIELDS}, local_id)
        self.insist(there, {})

    def heal(self):
        self.crm.ask('/practice/faults', '')
        done = self.run_cli('sync', '--settle', '1', '--timeout', '100', status=None)
        self.insist((done.returncode, done.stderr), (0, b''))
        self.check()

    def worsen(self):
        faults = ['%safter=%d,%s' % (fault, self.chance.randrange(3), SEND)
                  for fault in self.chance.choices(FAULTS, k=self.chance.randrange(3))]
        self.crm.fault(SLOW % self.chance.choice([0, 0, 5, 30, 100]), *faults)
        self.tell('faults: %s' % faults)

    # The tests

    def test_killed(self):
        while self.kills < KILLS:
            until = min(KILLS, self.kills + ROUND)
            while self.kills < until:
                self.worsen()
                for _ in range(self.chance.randint(1, 2)):
                    if self.chance.random() < 0.3:
                        self.look(self.act_and_be_killed())
                    else:
                        self.act()
                senders = [self.begin('sync', '--settle', '1') for _ in range(self.chance.choice([1, 1, 1, 2]))]
                if self.chance.random() < 0.5:
                    self.act()
                possible = self.act_and_be_killed() if self.chance.random() < 0.2 else [self.wanted]
                for sender in senders:
                    self.kill_later(sender, self.span + 0.06)
                self.look(possible)
            self.heal()
        print('# %d kills, %d requests cut off, %d tasks' % (self.kills, self.cut_off, len(self.wanted)))
        self.assertGreater(self.cut_off, 0)

    def test_first_start_killed(self):
        for _ in range(max(10, KILLS // 10)):
            folder = os.path.join(self.env['XDG_DATA_HOME'], 'crm-tasks')
            shutil.rmtree(folder, ignore_errors=True)
            self.wanted = {}
            self.look(self.act_and_be_killed())
            self.act()
            self.look([self.wanted])
            self.assertEqual(len([name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]), 1)

    def wait_until_sending(self, holder):
        while holder.poll() is None and not self.read('list', '--state', 'sending'):
            pass

    def test_holder_killed(self):
        for _ in range(max(4, KILLS // 30)):
            for _ in range(5):
                self.act()
            # An answer may come, or a task be made, when its sender is long dead and another looks for it.
            faults = ['%safter=%d,%s' % (fault, self.chance.randrange(3), SEND)
                      for fault in self.chance.choices(['cut-after,', 'create-then-500,', 'cut-before,'],
                                                       k=self.chance.randrange(2))]
            self.crm.fault(SLOW % self.chance.choice([20, 100, 300, 600]), *faults)
            self.tell('faults: %s' % faults)
            holder = self.begin('sync')
            self.wait_until_sending(holder)
            heirs = [self.begin('sync', '--settle', '1', '--timeout', '100')
                     for _ in range(self.chance.choice([1, 1, 2]))]
            if self.chance.random() < 0.5:
                self.act()
            self.kill_later(holder, 0.06)
            self.crm.fault(SLOW % 10)
            if len(heirs) > 1:
                self.kill_later(heirs.pop(0), 1)
            for heir in heirs:
                _, words = heir.communicate(timeout=200)
                self.insist((heir.returncode, words), (0, b''))
            # What was edited when the heir had just ended.
            self.heal()

    def test_holder_is_slow(self):
        values = self.invent()
        self.wanted[self.read('add', *as_options(values, False))['localId']] = {**values, 'draft': False}
        # Long enough for two looks of another that took what is under way for cut off.
        self.crm.fault('delay=2500,' + SEND)
        holder = self.begin('sync')
        self.wait_until_sending(holder)
        other = self.begin('sync', '--settle', '0', '--timeout', '100')
        for sender in (holder, other):
            _, words = sender.communicate(timeout=200)
            self.insist((sender.returncode, words), (0, b''))
        self.assertEqual(len(json.loads(self.crm.ask('/practice/requests'))), 1)
        self.check()


if __name__ == '__main__':
    main(KillsTest)
