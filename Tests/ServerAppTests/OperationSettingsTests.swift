import HTTPEdge
import ServerApp
import Testing

@Suite("Settings of TLS and metrics")
struct OperationSettingsTests {
    private static func read(_ more: String, _ environment: [String: String] = [:]) throws -> Configuration {
        try ConfigurationReader.read(yaml: ConfigurationTests.minimum + "\n" + more, environment: environment)
    }

    @Test("Unless told: no TLS, metrics for this machine")
    func defaults() throws {
        let configuration = try Self.read("")
        #expect(configuration.listen.tls == nil)
        #expect(configuration.metricsAddresses.map(\.text) == ["127.0.0.1", "0:0:0:0:0:0:0:1"])
    }

    @Test("From the file and from the environment")
    func given() throws {
        let paths = Configuration.CertificatePaths(certificateFile: "/c.pem", keyFile: "/k.pem")
        let yaml = """
            listen: {tls: {certificate_file: /c.pem, key_file: /k.pem}}
            metrics: {allowed_addresses: [10.0.0.1]}
            """
        let file = try Self.read(yaml)
        #expect(file.listen.tls == paths && file.metricsAddresses.map(\.text) == ["10.0.0.1"])
        let environment = try Self.read(
            "",
            [
                "COUNTERSIGN_LISTEN_TLS_CERTIFICATE_FILE": "/c.pem", "COUNTERSIGN_LISTEN_TLS_KEY_FILE": "/k.pem",
                "COUNTERSIGN_METRICS_ALLOWED_ADDRESSES": "10.0.0.1,10.0.0.2",
            ])
        #expect(environment.listen.tls == paths)
        #expect(environment.metricsAddresses.map(\.text) == ["10.0.0.1", "10.0.0.2"])
        #expect(try Self.read("metrics: {allowed_addresses: []}").metricsAddresses.isEmpty, "nobody, not everybody")
    }

    @Test(
        "Refused",
        arguments: [
            ("listen: {tls: {certificate_file: /c.pem}}", "listen.tls.key_file is missing"),
            ("listen: {tls: {key_file: /k.pem}}", "listen.tls.certificate_file is missing"),
            ("listen: {tls: {certificate_file: '', key_file: /k.pem}}", "listen.tls.certificate_file is empty"),
            ("listen: {tls: {certificate: /c.pem}}", "did you mean listen.tls.certificate_file?"),
            ("metrics: {allowed_addresses: [localhost]}", "metrics.allowed_addresses holds something"),
            ("metrics: {allowed_addresses: 10.0.0.1}", "metrics.allowed_addresses is not a list"),
        ])
    func refused(more: String, said: String) throws {
        let error = try #require(throws: ConfigurationError.self) { _ = try Self.read(more) }
        #expect("\(error)".contains(said), "\(error)")
    }

    @Test("TLS with an http issuer")
    func plainIssuer() throws {
        let yaml =
            ConfigurationTests.minimum.replacing("https://login.example", with: "http://localhost:1")
            + "\nlisten: {tls: {certificate_file: /c.pem, key_file: /k.pem}}"
        let error = try #require(throws: ConfigurationError.self) {
            _ = try ConfigurationReader.read(yaml: yaml, environment: [:])
        }
        #expect("\(error)".contains("the issuer is http"))
    }
}
