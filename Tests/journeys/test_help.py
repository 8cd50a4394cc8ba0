"""What every command says of itself."""

import json

import harness


def commands(command, path=()):
    """Each command that the help lists, with its path."""
    path = (*path, command["commandName"])
    yield path, command
    for each in command.get("subcommands", []):
        if each.get("shouldDisplay", True) and each["commandName"] != "help":
            yield from commands(each, path)


def test_every_command_has_an_abstract_and_an_example():
    program = harness.program("countersign")
    everything = list(commands(json.loads(harness.run([program, "--experimental-dump-help"]).stdout)["command"]))
    assert len(everything) > 50, everything
    lacking = []
    for path, command in everything:
        said = harness.run([program, *path[1:], "--help"]).stdout
        words = " ".join(said.split())
        example = "countersign " + " ".join(path[1:])
        if not command.get("abstract") or f"OVERVIEW: {command['abstract'].split()[0]}" not in words:
            lacking.append((path, "no abstract"))
        if f"Example: {example.strip()}" not in words:
            lacking.append((path, "no example"))
    assert not lacking, lacking


def test_nothing_that_fills_a_store_is_hidden():
    program = harness.program("countersign")
    described = json.loads(harness.run([program, "--experimental-dump-help"]).stdout)["command"]
    hidden = [each["commandName"] for each in described["subcommands"] if not each.get("shouldDisplay", True)]
    assert hidden in ([], ["help"])
    assert harness.run([program, "provision"], check=False).returncode == 64
