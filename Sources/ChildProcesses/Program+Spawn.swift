internal import Foundation

extension Program {
    /// Sends the program SIGTERM when the thread that started it has ended.
    private static let wrapper = ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--"]

    func spawn() throws(ChildProcessError) -> pid_t {
        for path in [Self.wrapper[0], self.path] where access(path, X_OK) != 0 { throw .notFound(path) }
        let words = Self.wrapper + [self.path] + self.arguments
        let variables = self.environment.map { "\($0.key)=\($0.value)" }
        var pid: pid_t = 0
        let result = self.withDescriptors { descriptors in
            Self.withFileActions(descriptors) { actions in
                Self.withAttributes { attributes in
                    Self.withCStrings(words) { words in
                        Self.withCStrings(variables) { variables in
                            posix_spawn(&pid, Self.wrapper[0], actions, attributes, words, variables)
                        }
                    }
                }
            }
        }
        guard result == 0 else { throw .notStarted(self.path, errno: result) }
        return pid
    }

    /// Copies with high numbers, so that none stands where another is to go; -1 for what is not given.
    private func withDescriptors(_ body: ([Int32]) -> Int32) -> Int32 {
        let files = [self.input, self.output, self.errors] + self.files
        let copies = files.map { file in file.map { fcntl($0.descriptor, F_DUPFD_CLOEXEC, 200) } ?? -1 }
        defer { for copy in copies where copy >= 0 { close(copy) } }
        return body(copies)
    }

    private static func withFileActions(
        _ descriptors: [Int32], _ body: (UnsafePointer<posix_spawn_file_actions_t>) -> Int32
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            if descriptor >= 0 {
                posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
            }
        }
        // Not every library of ours marks its files as its own.
        for open in Self.openDescriptors where open >= descriptors.count {
            posix_spawn_file_actions_addclose(&actions, open)
        }
        return body(&actions)
    }

    private static var openDescriptors: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap(Int32.init)
    }

    /// No signal blocked or ignored, whatever this thread does; a group of its own, which Ctrl-C does not reach.
    private static func withAttributes(_ body: (UnsafePointer<posix_spawnattr_t>) -> Int32) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return body(&attributes)
    }

    private static func withCStrings(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        let copies = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { buffer in buffer.baseAddress.map(body) ?? EINVAL }
    }
}
