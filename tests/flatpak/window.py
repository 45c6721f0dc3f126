# window.py: the window, looked at from outside: through AT-SPI, and as a picture
#
# SPDX-License-Identifier: GPL-3.0-or-later

import ctypes
import re
import subprocess

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib


def children(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield child


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def quietly(look):
    """The tree changes while it is read: a node that is gone is no answer."""
    def found(*args):
        while GLib.MainContext.default().iteration(False):
            pass
        try:
            return look(*args)
        except GLib.Error:
            return None
    return found


@quietly
def find_window():
    """The program's only one."""
    for application in children(Atspi.get_desktop(0)):
        if application.get_name() in ('crm-tasks', 'org.example.CrmTasks'):
            for window in children(application):
                return window
    return None


@quietly
def find_count(window, place):
    for node in walk(window):
        if node.get_role_name() == 'list item' and node.get_name().startswith(place + ', '):
            return int(node.get_name().split(', ')[1])
    return None


def count_at(window, place):
    """How many tasks the sidebar says are at place."""
    return find_count(window, place) or 0


@quietly
def has_counts(window):
    """Whether the sidebar says of any place how many tasks are there, in whatever language."""
    return any(node.get_role_name() == 'list item' and re.search(r'\d', node.get_name()) for node in walk(window))


@quietly
def says(window, words):
    return any(words in node.get_name() for node in walk(window))


def give_focus_to_none():
    """As if the person had turned to another window: on a display without a window manager none ever loses it by itself."""
    x11 = ctypes.CDLL('libX11.so.6')
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    x11.XSetInputFocus(display, ctypes.c_ulong(0), 0, ctypes.c_ulong(0))
    x11.XSync(display, 0)
    x11.XCloseDisplay(display)


@quietly
def is_active(window):
    window.clear_cache()
    return window.get_state_set().contains(Atspi.StateType.ACTIVE)


def take_picture(path, tries=100):
    """Pictures the display as soon as nothing moves on it any more."""
    before = None
    for _ in range(tries):
        picture = subprocess.run(['import', '-window', 'root', '-depth', '8', 'rgb:-'], check=True, capture_output=True).stdout
        if picture == before and picture.count(picture[:3]) * 3 < len(picture):
            break
        before = picture
    subprocess.run(['import', '-window', 'root', path], check=True)
