"""Programs at pseudo-terminals, which show what their person would see; and a person with a machine of his own."""

import os
import pty
import select
import subprocess
import termios
import time

import harness


class Terminal:
    """One command, with a terminal of its own. With job control it can be stopped, as by a shell, and goes on."""

    def __init__(self, arguments, environment, job_control=False):
        self.shown = ""
        self._read_to = 0
        self.side, other = pty.openpty()
        self.popen = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=other, stdout=other, stderr=other,
            start_new_session=not job_control, process_group=0 if job_control else None,
            env={**harness.ENVIRONMENT, **environment}, preexec_fn=harness.heed_interrupts)
        os.close(other)

    def _read(self, seconds):
        ready, _, _ = select.select([self.side], [], [], seconds)
        if not ready:
            return True
        try:
            got = os.read(self.side, 65536)
        except OSError:  # the program has closed its side
            got = b""
        self.shown += got.decode("utf-8", "replace")
        return bool(got)

    def wait_for(self, text, seconds=30.0):
        """What was shown since the last wait, up to the text."""
        deadline = time.monotonic() + seconds
        while text not in self.new:
            assert time.monotonic() < deadline, f"no '{text}' in:\n{self.shown}"
            assert self._read(0.2) or text in self.new, f"it ended without '{text}':\n{self.shown}"
        end = self.shown.index(text, self._read_to) + len(text)
        part, self._read_to = self.shown[self._read_to:end], end
        return part

    def look(self):
        """Takes what is shown by now."""
        self._read(0.05)
        return True

    @property
    def new(self):
        """What was shown since the last wait."""
        return self.shown[self._read_to:]

    def type(self, line):
        self.press(line + "\n")

    def press(self, keys):
        os.write(self.side, keys.encode())

    def answer(self, question, line):
        self.wait_for(question)
        self.type(line)

    def answer_unseen(self, question, line):
        """Types only once the terminal does not show it."""
        self.wait_for(question)
        self.wait_until_hidden()
        self.type(line)

    def shows_what_is_typed(self):
        return bool(termios.tcgetattr(self.side)[3] & termios.ECHO)

    def wait_until_hidden(self):
        harness.wait_until(lambda: not self.shows_what_is_typed(), "a terminal that shows nothing")

    def end(self, seconds=30.0):
        deadline = time.monotonic() + seconds
        while self._read(0.2):
            assert time.monotonic() < deadline, f"it goes on:\n{self.shown}"
            if self.popen.poll() is not None and not select.select([self.side], [], [], 0)[0]:
                break
        status = self.popen.wait(seconds)
        os.close(self.side)
        return status


class Person:
    """Somebody at a machine of his own: the state folder is his."""

    def __init__(self, user, server, folder):
        self.user, self.server, self.folder = user, server, folder

    @property
    def environment(self):
        return {"XDG_STATE_HOME": str(self.folder), "COUNTERSIGN_SERVER": self.server}

    def command(self, *arguments):
        return [harness.program("countersign"), *arguments]

    def run(self, *arguments, **options):
        return harness.run(self.command(*arguments), self.environment, **options)

    def terminal(self, *arguments, **options):
        return Terminal(self.command(*arguments), self.environment, **options)

    def log_in(self, *options):
        terminal = self.terminal("login", "--user", self.user.name, *options)
        terminal.answer_unseen("Password: ", self.user.password)
        self.respond(terminal)
        terminal.wait_for(f"Welcome, {self.user.display_name}. You are logged in.")
        assert terminal.end() == 0
        assert self.user.password not in terminal.shown
        return terminal

    def respond(self, terminal, right=True):
        challenge = terminal.wait_for("Switch your card on").split("Challenge: ")[1].split()[0]
        answer = self.user.card.response if right else self.user.card.wrong_response
        terminal.answer("to cancel): ", answer(challenge))

    def state(self):
        return next(path for path in (self.folder / "countersign").iterdir() if path.suffix == ".json")
