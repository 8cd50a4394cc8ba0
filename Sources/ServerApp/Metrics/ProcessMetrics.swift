internal import Foundation
internal import Telemetry

/// What the system says of this process, under the names that Prometheus' own clients use.
enum ProcessMetrics {
    static func register(in registry: MetricRegistry) throws(MetricError) {
        let start = Date().timeIntervalSince1970
        try registry.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.") { start }
        try registry.gauge("process_resident_memory_bytes", "Memory that the process holds.", read: Self.memory)
        try registry.readCounter(
            "process_cpu_seconds_total", "Processor time that the process has used.", read: Self.processorTime)
        try registry.gauge("process_open_fds", "Files and sockets that the process has open.") {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
        }
    }

    /// The second number of `statm` is the resident pages.
    private static let memory: @Sendable () -> Double? = {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        guard numbers.count > 1, let pages = Double(numbers[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// `clock` counts microseconds (POSIX).
    private static let processorTime: @Sendable () -> Double? = {
        let time = clock()
        return time < 0 ? nil : Double(time) / 1_000_000
    }
}
