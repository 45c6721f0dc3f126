#!/usr/bin/env python3
# bench.py BUILD-FOLDER: runs the benchmarks side by side and prints one Markdown table
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what is built in BUILD-FOLDER (a release build, or the figures mean little) and prints how it compares.

What is compared runs in turns, A B A B, and ratios are those of neighbours. A figure is the median of the runs, with the
smallest and the largest behind it."""

import argparse
import atexit
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
WITH_DISPLAY = SOURCE / 'build-aux' / 'with-display'


class Bench:
    """What all measurements share: the programs, the filled folders, the table."""

    def __init__(self, args, cache):
        self.args = args
        self.programs = args.build / 'tests' / 'bench'
        self.cache = cache
        self.rows = []

    def say(self, words):
        print(words, file=sys.stderr, flush=True)

    def run(self, program, *args):
        """Runs one of tests/bench (or any program with a slash in its name) and returns what it measured, by key."""
        path = program if '/' in program else str(self.programs / program)
        self.say('  ' + ' '.join([program, *map(str, args)]))
        environment = dict(os.environ)
        environment['CRM_TASKS_BENCH_BEGUN'] = str(time.monotonic_ns() // 1000)
        done = subprocess.run([path, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f'{done.stderr}\n{program} ended with {done.returncode}')
        values = {}
        for line in done.stdout.splitlines():
            key, _, value = line.partition(' ')
            if line.startswith('# '):
                self.say('  ' + line)
            elif value:
                try:
                    values[key] = float(value)
                except ValueError:
                    values[key] = value
        return values

    def turns(self, *programs, runs=None):
        """Runs the programs in turns, each given as (name, arguments…). Returns a list of runs for each."""
        results = [[] for _ in programs]
        for _ in range(runs or self.args.runs):
            for result, program in zip(results, programs):
                result.append(self.run(*program))
        return results

    def folder(self, size, *options):
        """A folder for XDG_DATA_HOME with so many tasks, filled once."""
        path = self.cache / '-'.join([str(size), *(option.lstrip('-') for option in map(str, options))])
        if not path.exists():
            self.say(f'Filling {path.name}')
            self.run('bench-fill', path, size, *options)
        return path

    def row(self, what, result, must='', against=''):
        self.rows.append((what, result, must, against))
        self.say(f'| {what} | {result} | {must} | {against} |')


def spread(values, form='{:.1f}', unit=''):
    """The median, and from where to where."""
    low, middle, high = (form.format(value) for value in (min(values), statistics.median(values), max(values)))
    if unit:
        unit = ' ' + unit
    return f'{middle}{unit}' if len(values) == 1 else f'{middle}{unit} ({low}–{high})'


def values_of(runs, key):
    return [run[key] for run in runs]


def ratios(runs, others, key, other_key=None):
    """Of each run to its neighbour."""
    return [a[key] / b[other_key or key] for a, b in zip(runs, others)]


def compared(runs, others):
    """Two starts: by the clock and by the processor time of all threads, which others at work on the machine hardly lengthen."""
    return (spread(ratios(runs, others, 'first.ms'), '{:.2f}', '×') + ', ' + spread(values_of(runs, 'first.ms'), '{:.0f}', 'ms') +
            '; processor: ' + spread(ratios(runs, others, 'first.cpu_ms'), '{:.2f}', '×'))


def number(n):
    return f'{n:,}'


def measure_start(bench):
    large = bench.args.largest
    bench.turns(('bench-empty-window',), ('bench-window', '--start', bench.folder(0)), runs=1)  # the disk's cache
    empty, none, small, most = bench.turns(
        ('bench-empty-window',),
        ('bench-window', '--start', bench.folder(0)),
        ('bench-window', '--start', bench.folder(1000)),
        ('bench-window', '--start', bench.folder(large)))

    bench.row('an empty libadwaita window: start to first frame; memory',
              spread(values_of(empty, 'first.ms'), unit='ms') + '; ' + spread(values_of(empty, 'first.rss_mb'), unit='MB'))
    bench.row(f'start to first frame with rows, {number(large)} tasks',
              compared(most, none),
              '≤ 1.1 ×', 'the same window over an empty database')
    bench.row(f'start to first frame with rows, {number(large)} tasks',
              compared(most, small), '≤ 1.1 ×', 'the same window over 1,000 tasks')
    bench.row('start of that window over an empty database',
              compared(none, empty),
              '≤ 1.9 ×', 'an empty libadwaita window')
    for when, key, must in (('at first frame', 'first', '≤ 14 MB'), ('once all ids are known', 'ids', '≤ 24 MB')):
        over = [a[key + '.rss_mb'] - b['first.rss_mb'] for a, b in zip(most, empty)]
        bench.row(f'memory at {number(large)} tasks {when}', '+' + spread(over, unit='MB'), must, 'an empty libadwaita window')
    bench.row('memory of that window over an empty database',
              '+' + spread([a['first.rss_mb'] - b['first.rss_mb'] for a, b in zip(none, empty)], unit='MB'), '',
              'an empty libadwaita window')


def measure_naive(bench):
    size = min(bench.args.largest, 100000)
    runs = max(1, bench.args.runs // 2)
    empty, ours, naive = bench.turns(('bench-empty-window',), ('bench-window', '--start', bench.folder(size)),
                                     ('bench-naive-list', bench.folder(size)), runs=runs)
    bench.row(f'all {number(size)} tasks in a GListStore: start to first frame; memory',
              spread(ratios(naive, ours, 'first.ms'), '{:.1f}', '×') + '; +' +
              spread([a['first.rss_mb'] - b['first.rss_mb'] for a, b in zip(naive, empty)], '{:.0f}', 'MB'),
              '', 'the app’s window over them; an empty libadwaita window')


def measure_jump(bench):
    large = bench.args.largest
    small, most = bench.turns(('bench-window', '--jump', bench.folder(1000)), ('bench-window', '--jump', bench.folder(large)),
                              runs=max(1, bench.args.runs // 2))
    for key, name, must in (('median_ms', 'median', '≤ 12 ms'), ('p95_ms', '95 %', '≤ 16 ms')):
        bench.row(f'jump to a random place, work per frame, {number(large)} tasks, {name}',
                  spread(values_of(most, 'jump.frame.' + key), unit='ms') + '; processor: ' +
                  spread(values_of(most, 'jump.cpu.' + key), unit='ms'), must)
        bench.row(f'the same, {name}', spread(ratios(most, small, 'jump.frame.' + key), '{:.2f}', '×') + '; processor: ' +
                  spread(ratios(most, small, 'jump.cpu.' + key), '{:.2f}', '×'), '≤ 1.2 ×', '1,000 tasks')


def measure_changes(bench):
    large = bench.args.largest
    result = bench.run('bench-window', '--change', '--rounds', max(1, bench.args.runs // 2), bench.folder(large))
    bench.row(f'change of place, order or search to first frame, {number(large)} tasks, 95 %',
              f"{result['change.first_frame.p95_ms']:.0f} ms; median {result['change.first_frame.median_ms']:.0f} ms, "
              f"at most {result['change.first_frame.max_ms']:.0f} ms", '≤ 250 ms',
              f"the query alone: 95 %: {result['change.query_alone.p95_ms']:.0f} ms; "
              f"median {result['change.query_alone.median_ms']:.0f} ms")
    for kind, what, must in (('list', 'while the list changes', '≤ 50 ms'), ('frame', 'for a frame', '≤ 16 ms'),
                             ('other', 'otherwise', '≤ 16 ms')):
        bench.row(f'longest stall of the main loop during these, {what}',
                  f"{result[f'change.stall_{kind}.max_ms']:.0f} ms; median {result[f'change.stall_{kind}.median_ms']:.1f} ms; "
                  f"processor: {result[f'change.stall_{kind}_cpu.max_ms']:.0f} ms", must)


def measure_typing(bench):
    large = bench.args.largest
    runs = [bench.run('bench-window', '--type', bench.folder(large)) for _ in range(max(1, bench.args.runs // 2))]
    bench.row(f'a keystroke in the search to its first results, {number(large)} tasks, median',
              spread(values_of(runs, 'type.first_frame.median_ms'), '{:.0f}', 'ms') + '; 95 %: ' +
              spread(values_of(runs, 'type.first_frame.p95_ms'), '{:.0f}', 'ms'), '≤ 60 ms')


def measure_row(bench):
    large = bench.args.largest
    runs = [bench.run('bench-window', '--row', bench.folder(large)) for _ in range(max(1, bench.args.runs // 2))]
    bench.row('one row changing its state: work of all who hear of it',
              spread(values_of(runs, 'row.heard.median_ms'), '{:.2f}', 'ms'), '≤ 1 ms')
    bench.row('the same, with all that follows until it is drawn',
              spread(values_of(runs, 'row.work.median_ms'), '{:.1f}', 'ms') + '; processor: ' +
              spread(values_of(runs, 'row.cpu.median_ms'), '{:.1f}', 'ms'), '',
              'drawing an unchanged row anew: ' + spread(values_of(runs, 'row.redraw.median_ms'), '{:.1f}', 'ms'))
    bench.row('rows bound and rows repainted for it',
              spread(values_of(runs, 'row.bound'), '{:.0f}') + ' and ' + spread(values_of(runs, 'row.painted'), '{:.0f}'), '1')


def measure_saves(bench):
    large = bench.args.largest
    runs = [bench.run('bench-save', bench.folder(large)) for _ in range(bench.args.runs)]
    for key, what in (('edit', 'saving an edit'), ('add', 'saving a new task')):
        bench.row(f'{what}, {number(large)} tasks',
                  spread(values_of(runs, f'save.{key}_ratio'), '{:.2f}', '×') + ', ' +
                  spread(values_of(runs, f'save.{key}.median_ms'), '{:.2f}', 'ms') + '; 95 %: ' +
                  spread(values_of(runs, f'save.{key}.p95_ms'), '{:.2f}', 'ms'),
                  '≤ 1.5 ×', 'one bare SQLite insert with synchronous=FULL: ' +
                  spread(values_of(runs, 'save.insert.median_ms'), '{:.2f}', 'ms'))


def measure_push(bench):
    server = ('--server', bench.programs / 'push-server')
    tasks = 2000 if bench.args.quick else 20000
    sized = (*server, '--tasks', tasks)
    ours, bare = bench.turns(('bench-push', *sized), ('bench-push', '--bare', *sized))
    curl, = bench.turns(('bench-push', '--curl', *sized), runs=1)
    bench.row('push, tasks a second, 8 in flight, loopback',
              spread(ratios(ours, bare, 'tasks-per-second'), '{:.2f}', '×') + ', ' + spread(values_of(ours, 'tasks-per-second'), '{:.0f}'),
              '≥ 0.8 ×', 'a bare libsoup loop sending the same bodies, no store; curl in parallel: ' +
              spread(values_of(curl, 'tasks-per-second'), '{:.0f}'))
    bench.row('processor time a pushed task, all threads',
              spread(ratios(ours, bare, 'cpu-us-per-task'), '{:.2f}', '×') + ', ' + spread(values_of(ours, 'cpu-us-per-task'), '{:.0f}', 'µs'),
              '≤ 1.6 ×', 'the same loop')

    delayed, = bench.turns(('bench-push', *server, '--tasks', tasks // 4, '--delay', 50, '--in-flight', 0))
    bench.row('push with 50 ms of server delay',
              spread([run['tasks-per-second'] * 0.05 / run['widest'] for run in delayed], '{:.2f}', '×') +
              f", {int(max(values_of(delayed, 'widest')))} in flight", '≥ 0.97 ×', 'in flight ÷ delay')

    long = bench.run('bench-push', *server, '--tasks', 10000 if bench.args.quick else 100000)
    bench.row(f"push of {number(int(long['tasks']))}: the last thousand over the first",
              f"{long['last-ms'] / long['first-ms']:.2f} ×; processor: {long['last-cpu-ms'] / long['first-cpu-ms']:.2f} ×", '≤ 1.1 ×', 'itself')
    bench.row('memory while they are queued', f"+{long['rss-queued-mb'] - long['rss-idle-mb']:.1f} MB", '≤ 4 MB', 'idle')


def measure_batch(bench):
    done = bench.run('bench-batch', '--practice', bench.args.build / 'src' / 'practice' / 'crm-tasks-practice',
                     '--rounds', 1 if bench.args.quick else 3, *(('--tasks', 400) if bench.args.quick else ()))
    bench.row(f"{int(done['batch_tasks'])} queued adds, {int(done['batch_delay_ms'])} ms of delay, in batches",
              f"{done['batch_ratio']:.1f} ×, {done['batch_batches_s']:.1f} s", '≥ 3 ×', f"one by one: {done['batch_singles_s']:.1f} s")


def measure_cli(bench):
    done = bench.run(sys.executable, SOURCE / 'tests' / 'bench' / 'bench_cli.py', '--cli', bench.args.build / 'src' / 'cli' / 'crm-tasks-cli')
    bench.row('`crm-tasks-cli add` of one task, process start to durable',
              f"{done['cli_printed_ms'] / done['plain_ms']:.2f} ×, {done['cli_printed_ms']:.1f} ms; to its end "
              f"{done['cli_ms'] / done['plain_ms']:.2f} ×", '≤ 1.5 ×',
              f"the `sqlite3` shell inserting a row durably: {done['plain_ms']:.1f} ms; into the same tables: {done['same_ms']:.1f} ms")


def measure_import(bench):
    rows = [1000, 20000 if bench.args.quick else 1000000]
    done = bench.run(sys.executable, SOURCE / 'tests' / 'bench' / 'bench_import.py', '--cli',
                     bench.args.build / 'src' / 'cli' / 'crm-tasks-cli', '--rows', *rows)
    bench.row(f'`crm-tasks-cli import --dry-run` of {number(rows[1])} rows: peak memory; time',
              f"+{done['dry_more_mb']:.1f} MB; {done['many_dry_s']:.1f} s, {done['many_dry_us']:.0f} µs a row", '', f'{number(rows[0])} rows')
    middle = bench.run(sys.executable, SOURCE / 'tests' / 'bench' / 'bench_import.py', '--cli',
                       bench.args.build / 'src' / 'cli' / 'crm-tasks-cli', '--rows', 1000, 10000 if bench.args.quick else 100000)
    bench.row(f"import of {number(int(middle['many_rows']))} rows of CSV, rows a second",
              f"{middle['many_peer_s'] / middle['many_run_s']:.2f} ×, {middle['many_run_s']:.1f} s", '≥ 0.7 ×',
              f"`sqlite3` `.import` of the same file into a table with the same indexes: {middle['many_peer_s']:.1f} s; with search and counts: "
              f"{middle['many_same_s']:.1f} s")
    bench.row(f'`crm-tasks-cli import` of {number(rows[1])} rows in one transaction: peak memory; time',
              f"+{done['run_more_mb']:.1f} MB; {done['many_run_s']:.1f} s, {done['many_run_us']:.0f} µs a row", '', f'{number(rows[0])} rows')


def measure_pull(bench):
    done = subprocess.run([str(bench.programs / 'bench-pull'), '--server', str(bench.programs / 'list-server'),
                           *(['--quick'] if bench.args.quick else [])], stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        what, _, result = line.strip('| ').partition(' | ')
        bench.row(what, result)


# In this order. What changes the tasks comes last.
MEASUREMENTS = {
    'start': measure_start,
    'naive': measure_naive,
    'jump': measure_jump,
    'change': measure_changes,
    'type': measure_typing,
    'row': measure_row,
    'save': measure_saves,
    'push': measure_push,
    'batch': measure_batch,
    'cli': measure_cli,
    'import': measure_import,
    'pull': measure_pull,
}


def version(package):
    done = subprocess.run(['pkg-config', '--modversion', package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    return done.stdout.strip() or '?'


def machine():
    model = '?'
    try:
        for line in pathlib.Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines():
            if line.startswith('model name'):
                model = line.partition(':')[2].strip()
                break
    except OSError:
        pass
    return (f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}; GLib {version('glib-2.0')}, "
            f"GTK {version('gtk4')}, libadwaita {version('libadwaita-1')}, libsoup {version('libsoup-3.0')}, "
            f"SQLite {version('sqlite3')}")


def parse():
    parser = argparse.ArgumentParser(description='Runs the benchmarks side by side and prints one Markdown table.')
    parser.add_argument('build', type=pathlib.Path, help='a release build')
    parser.add_argument('--runs', type=int, default=5, help='how often what is compared runs (5)')
    parser.add_argument('--largest', type=int, default=1000000, help='how many tasks there are at most (1000000)')
    parser.add_argument('--quick', action='store_true', help='a minute, to see that all works: 1 run, 20,000 tasks')
    parser.add_argument('--only', action='append', choices=sorted(MEASUREMENTS), help='measure this alone; may be given again')
    parser.add_argument('--keep', type=pathlib.Path, metavar='FOLDER', help='where filled folders are, and are left for the next time')
    args = parser.parse_args()
    args.build = args.build.resolve()
    if args.quick:
        args.runs = 1
        args.largest = min(args.largest, 20000)
    return args


def make_cache(args):
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
        return args.keep.resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    cache = pathlib.Path(tempfile.mkdtemp(prefix='crm-tasks-bench-'))
    atexit.register(shutil.rmtree, cache, ignore_errors=True)
    return cache


def main():
    args = parse()
    # One display for all of them: its start is nobody's.
    if 'CRM_TASKS_BENCH_DISPLAY' not in os.environ:
        os.environ['CRM_TASKS_BENCH_DISPLAY'] = '1'
        os.execv(WITH_DISPLAY, [str(WITH_DISPLAY), sys.executable, *sys.argv])

    os.environ.update({'LC_ALL': 'C.UTF-8', 'GIO_USE_VFS': 'local', 'GIO_USE_PROXY_RESOLVER': 'dummy',
                       'GSETTINGS_SCHEMA_DIR': str(args.build / 'data')})
    bench = Bench(args, make_cache(args))
    for name, measure in MEASUREMENTS.items():
        if not args.only or name in args.only:
            bench.say(f'Measuring: {name}')
            measure(bench)

    print(machine() + f'; {args.runs} runs, median (smallest–largest)')
    print()
    print('| what | result | must | against |')
    print('|---|---|---|---|')
    for row in bench.rows:
        print('| ' + ' | '.join(row) + ' |')


if __name__ == '__main__':
    main()
