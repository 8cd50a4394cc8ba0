import Telemetry
import Testing

@Suite("Metrics in Prometheus' text format")
struct MetricRegistryTests {
    @Test("Counters, gauges and histograms, by name and label")
    func rendered() throws {
        let registry = MetricRegistry()
        let requests = try registry.counter("requests_total", "Requests.", labels: ["route", "status"])
        requests.add(2, "/b", "2xx")
        requests.add(1, "/a", "5xx")
        try registry.gauge("memory_bytes", "Memory.") { 1.5 }
        try registry.gauge("absent", "Not to be read now.") { nil }
        let took = try registry.histogram("took_seconds", "Time.", labels: ["kind"], bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7] { took.observe(value, "read") }
        #expect(
            registry.render() == """
                # HELP absent Not to be read now.
                # TYPE absent gauge
                # HELP memory_bytes Memory.
                # TYPE memory_bytes gauge
                memory_bytes 1.5
                # HELP requests_total Requests.
                # TYPE requests_total counter
                requests_total{route="/a",status="5xx"} 1
                requests_total{route="/b",status="2xx"} 2
                # HELP took_seconds Time.
                # TYPE took_seconds histogram
                took_seconds_bucket{kind="read",le="0.1"} 2
                took_seconds_bucket{kind="read",le="1"} 3
                took_seconds_bucket{kind="read",le="+Inf"} 4
                took_seconds_sum{kind="read"} 7.65
                took_seconds_count{kind="read"} 4

                """)
    }

    @Test(
        "Label values and help are escaped, so that nothing begins a line of its own",
        arguments: [
            ("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("a\r\nb", "a\r\\nb"), ("陳", "陳"),
        ])
    func escaped(value: String, written: String) throws {
        let registry = MetricRegistry()
        try registry.counter("x_total", "One\r\ntwo.", labels: ["of"]).add(1, value)
        let lines = registry.render().unicodeScalars.split(separator: "\n").map { String($0) }
        #expect(lines == ["# HELP x_total One\r\\ntwo.", "# TYPE x_total counter", "x_total{of=\"\(written)\"} 1"])
    }

    @Test("Numbers have six decimals at most", arguments: [([0.1, 0.2], "0.3"), ([0.0000004], "0.0"), ([2.5], "2.5")])
    func decimals(values: [Double], written: String) throws {
        let registry = MetricRegistry()
        let histogram = try registry.histogram("x", "X.", bounds: [1])
        for value in values { histogram.observe(value) }
        #expect(registry.render().contains("x_sum \(written)\n"))
    }

    @Test(
        "Refused names",
        arguments: [
            ("", [], .badName("")), ("1a_total", [], .badName("1a_total")), ("a-b_total", [], .badName("a-b_total")),
            ("é_total", [], .badName("é_total")), ("a", [], .counterWithoutTotal("a")),
            ("a_total", ["le"], .badLabel("le")), ("a_total", ["__x"], .badLabel("__x")),
            ("a_total", ["x", "x"], .badLabel("a_total")), ("a_total", [""], .badLabel("")),
        ] as [(String, [String], MetricError)])
    func refused(name: String, labels: [String], error: MetricError) {
        let expected = name.isEmpty ? MetricError.counterWithoutTotal("") : error
        #expect(throws: expected) { _ = try MetricRegistry().counter(name, "x", labels: labels) }
    }

    @Test("Refused bounds", arguments: [[], [1, 1], [2, 1], [.infinity], [.nan]] as [[Double]])
    func bounds(bounds: [Double]) {
        #expect(throws: MetricError.badBounds("x")) { _ = try MetricRegistry().histogram("x", "x", bounds: bounds) }
    }

    @Test("A name is registered once")
    func twice() throws {
        let registry = MetricRegistry()
        _ = try registry.counter("a_total", "x")
        #expect(throws: MetricError.registeredTwice("a_total")) { try registry.readCounter("a_total", "x") { 1 } }
    }
}
