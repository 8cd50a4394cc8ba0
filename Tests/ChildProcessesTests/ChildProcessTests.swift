import ChildProcesses
import Foundation
import TestSupport
import Testing

@Suite("Programs, started and ended")
struct ChildProcessTests {
    private static func output(_ program: Program) async throws -> String {
        String(decoding: try await program.outputToEnd(atMost: 10_000, within: .seconds(20)), as: UTF8.self)
    }

    private static func shell(_ script: String) -> Program { Program("/bin/sh", ["-c", script]) }

    @Test("A program reads its input and its files, and what it writes comes back")
    func files() async throws {
        let (input, file) = (try MemoryFile(Array("in".utf8)), try MemoryFile(Array("file".utf8)))
        let program = Program(
            "/bin/cat", ["-", Program.childPath(ofFile: 1)], input: input, files: [try MemoryFile(), file])
        #expect(try await Self.output(program) == "infile")
        // A second one finds it as the first did.
        #expect(try await Self.output(Program("/bin/cat", [Program.childPath(ofFile: 0)], files: [file])) == "file")
    }

    @Test("A program gets no variable and no open file but those it is given")
    func nothingElse() async throws {
        // Deliberately not marked to be closed in programs.
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        #expect(try await Self.output(Program("/usr/bin/env", environment: ["A": "b c"])) == "A=b c\n")
        let open = Program(
            "/bin/sh", ["-c", "for f in /proc/self/fd/*; do echo ${f##*/}; done"], files: [try MemoryFile()])
        #expect(Set(try await Self.output(open).split(separator: "\n")).isSubset(of: ["0", "1", "2", "3", "4"]))
        #expect(try await Self.output(Program("/usr/bin/readlink", ["/proc/self/fd/0"])) == "/dev/null\n")
    }

    @Test("No signal is blocked or ignored, and the kernel ends it when we are gone")
    func signals() async throws {
        let status = try await Self.output(Program("/bin/cat", ["/proc/self/status"]))
        for mask in ["SigBlk:\t", "SigIgn:\t"] {
            let digits = try #require(status.firstRange(of: mask)).upperBound
            let signals = try #require(UInt64(status[digits...].prefix(16), radix: 16))
            // Two beyond these are the C library's own.
            #expect(signals & 0x7FFF_FFFF == 0, "\(mask)")
        }
        let dump = try await Self.output(Program("/usr/bin/setpriv", ["--dump"]))
        #expect(dump.contains("Parent death signal: TERM"), "\(dump)")
    }

    @Test(
        "What goes wrong has its name",
        arguments: [
            (Program("/nowhere/program"), .notFound("/nowhere/program")),
            (Program("/etc/passwd"), .notFound("/etc/passwd")),
            (Self.shell("exit 3"), .failed("/bin/sh", .exited(3))),
            (Self.shell("kill -INT $$"), .failed("/bin/sh", .signalled(2))),
            (Self.shell("head -c 100 /dev/zero"), .wroteTooMuch("/bin/sh")),
        ] as [(Program, ChildProcessError)])
    func refused(program: Program, error: ChildProcessError) async throws {
        await #expect(throws: error) { try await program.outputToEnd(atMost: 99, within: .seconds(20)) }
    }

    @Test("A program that takes too long is ended")
    func tooLong() async throws {
        let program = Program("/bin/sleep", ["100"])
        await #expect(throws: ChildProcessError.tookTooLong("/bin/sleep")) {
            try await program.outputToEnd(atMost: 10, within: .milliseconds(20))
        }
    }

    @Test("Asked to end it ends, and nothing of it is left")
    func ends() async throws {
        let child = try await ChildProcess.start(Program("/bin/sleep", ["100"]))
        #expect(child.isRunning)
        await child.end()
        #expect(await child.exit() == .signalled(SIGTERM))
        #expect(!child.isRunning)
        // Not even a zombie.
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(child.pid)"))
        child.signal(SIGKILL)
        await child.end()
    }

    @Test("What does not listen is killed")
    func killed() async throws {
        let ready = try MemoryFile()
        let stubborn = Program("/bin/sh", ["-c", "trap '' TERM; echo ready; while :; do :; done"], output: ready)
        let child = try await ChildProcess.start(stubborn)
        while ready.content(atMost: 100)?.isEmpty != false { await Task.yield() }
        await child.end(grace: .milliseconds(20))
        #expect(await child.exit() == .signalled(SIGKILL))
    }

    @Test("Whoever is cancelled while a program runs leaves none behind")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let script =
            "echo $$ > \(folder.file("pid.new")); mv \(folder.file("pid.new")) \(folder.file("pid")); exec sleep 100"
        let task = Task { try await Self.shell("exec 2>&1; \(script)").outputToEnd(atMost: 10, within: .seconds(50)) }
        while !FileManager.default.fileExists(atPath: folder.file("pid")) { await Task.yield() }
        task.cancel()
        await #expect(throws: ChildProcessError.tookTooLong("/bin/sh")) { try await task.value }
        let pid = try String(contentsOfFile: folder.file("pid"), encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
    }
}
