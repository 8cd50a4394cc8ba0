// swift-tools-version: 6.2
import PackageDescription

// The rooms and the arrows between them. docs/architecture.md has the same table, and a test compares the two.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// Relocations in their short form, which glibc reads since 2.36: 4 MB that no program has to look through at its start.
let shortRelocations = LinkerSetting.unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
    .when(platforms: [.linux], configuration: .release))

func program(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: settings,
        linkerSettings: [shortRelocations])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdHTTP2 = product(name: "HummingbirdHTTP2", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
    static let logging = product(name: "Logging", package: "swift-log")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "countersign",
    products: [
        .library(name: "OTP", targets: ["OTP"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // Ring 0: pure, one room a specification.
        room("Time"),
        room("Encodings"),
        room("Languages"),
        room("Identifiers", ["Encodings", "Time", .crypto]),
        room("OTP", [.crypto]),
        room("Sealing", [.crypto]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        room("PasswordHashing", ["CSodium", "Identifiers", "Time"]),
        room("OAuth", ["Encodings", .crypto]),
        room("Telemetry"),
        room("XML", ["Encodings"]),
        room("CSV", ["Encodings"]),
        // C++: libphonenumber's package has no .pc file.
        .target(name: "CPhoneNumbers", linkerSettings: [.linkedLibrary("phonenumber")]),
        room("PhoneNumbers", ["CPhoneNumbers"], resources: [.embedInCode("Resources")]),
        room("PSKC", ["Encodings", "Time", "XML", .crypto, .cryptoExtras]),
        room("SMPP", ["Time"]),

        // Ring 1: pure decisions.
        room("Audit", ["Identifiers", "Time"]),
        room("Identity", ["Identifiers", "Time"]),
        room("Applications", ["Encodings", "Identifiers", "OAuth", .crypto]),
        room("Authenticators", ["Audit", "Encodings", "Identifiers", "OTP", "PhoneNumbers", "Time"]),
        room("CardFiles", ["Authenticators", "CSV", "Encodings", "OTP", "PSKC", "Time"]),
        room("Login", ["Audit", "Authenticators", "Encodings", "Identifiers", "PasswordHashing", "Time"]),
        room("Sessions", ["Authenticators", "Encodings", "Identifiers", "Time"]),
        room("Channels", ["Identifiers", "Time"]),
        room("Outbox", ["Channels", "Encodings", "Identifiers", "Identity", "Time"]),

        // Ring 2: the store.
        room("SQL"),
        room("SQLiteDriver", ["SQL", .grdb, .grdbSQLite]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        room("PostgresDriver", ["CPostgres", "SQL", .logging]),
        room(
            "Storage",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Encodings", "Identifiers", "Identity", "Login",
                "OTP", "Outbox", "PasswordHashing", "PhoneNumbers", "SQL", "Sealing", "Sessions", "Time", .crypto,
            ]),
        room("TokenSigning", ["Encodings", "OAuth", "Storage", .crypto, .cryptoExtras]),
        room("CarrierGuidance", resources: [.embedInCode("Resources")]),
        room(
            "SMPPChannel", ["Channels", "Identifiers", "SMPP", "Time", .logging, .nioCore, .nioPosix, .nioSSL]),

        room("ChildProcesses"),
        room("PrivateFiles"),
        room("Speech", ["Channels", "ChildProcesses", "Encodings", "Time"], resources: [.embedInCode("Resources")]),
        room(
            "VoiceChannel",
            ["Channels", "ChildProcesses", "Encodings", "Speech", "Time", .logging, .nioCore, .nioPosix]),
        // Ways to reach a user.
        room(
            "HTTPChannel",
            [
                "Channels", "Encodings", "Identifiers", "SMPP", "Time", .asyncHTTPClient, .crypto, .nioCore, .nioHTTP1,
                .nioPosix, .nioSSL,
            ]),
        room(
            "MailChannel", ["Channels", "Encodings", "Identifiers", "Time", .nioCore, .nioPosix, .nioSSL]),

        // Ring 3: load, decide, save.
        room(
            "Flows",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Encodings", "Identifiers", "Identity", "Login",
                "OAuth", "OTP", "Outbox", "PasswordHashing", "PhoneNumbers", "SQL", "Sessions", "Storage", "Time",
            ]),

        room(
            "Delivery",
            [
                "Applications", "Channels", "Encodings", "Flows", "Identifiers", "Identity", "OAuth", "Outbox", "Time",
                "TokenSigning", .asyncHTTPClient, .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL,
            ],
            resources: [.embedInCode("Resources")]),

        // Ring 4: one room an audience.
        room(
            "HTTPEdge",
            [
                "Encodings", "Flows", "Identifiers", "Telemetry", "Time", .httpTypes, .hummingbird, .logging,
                .nioCore,
            ]),
        room(
            "WebUI",
            [
                "Applications", "Audit", "Authenticators", "CarrierGuidance", "Channels", "Encodings", "Flows",
                "HTTPEdge",
                "Identifiers", "Identity", "Login", "OAuth", "Outbox", "PhoneNumbers", "Sessions", "Time", .crypto,
                .httpTypes, .hummingbird, .mustache,
                .nioCore, .serviceLifecycle,
            ],
            resources: [.embedInCode("Resources")]),
        room(
            "OpenIDProvider",
            [
                "Applications", "Encodings", "Flows", "HTTPEdge", "Identifiers", "OAuth", "Sessions", "Time",
                "TokenSigning", .httpTypes, .hummingbird,
            ]),
        room(
            "RESTAPI",
            [
                "Applications", "Authenticators", "Channels", "Encodings", "Flows", "HTTPEdge", "Identifiers",
                "Identity", "Login", "OAuth", "Outbox", "PhoneNumbers", "Sessions", "Time", "TokenSigning", .crypto,
                .httpTypes, .hummingbird, .nioCore,
            ],
            resources: [.embedInCode("Resources")]),

        // Ring 5: the whole.
        room(
            "ServerApp",
            [
                "Applications", "Audit", "Authenticators", "CarrierGuidance", "Channels", "Delivery", "Encodings",
                "Flows", "HTTPChannel", "HTTPEdge", "Identifiers", "Identity", "MailChannel", "OAuth", "OTP",
                "OpenIDProvider", "Outbox", "PasswordHashing", "PostgresDriver", "PrivateFiles", "RESTAPI", "SMPP",
                "SMPPChannel", "SQL", "SQLiteDriver", "Sealing", "Sessions", "Speech", "Storage", "Telemetry", "Time",
                "TokenSigning",
                "VoiceChannel", "WebUI", .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdHTTP2, .logging,
                .nioCore, .nioPosix, .nioSSL, .nioTLS, .serviceLifecycle, .unixSignals, .yams,
            ],
            resources: [.embedInCode("Resources")]),
        room(
            "TerminalClient",
            [
                "Encodings", "Languages", "OAuth", "PrivateFiles", .asyncHTTPClient, .crypto, .nioCore, .nioHTTP1,
                .nioPosix,
            ],
            resources: [.embedInCode("Resources")]),
        program(
            "countersign",
            [
                "TerminalClient",
                "Authenticators", "CardFiles", "Encodings", "Flows", "Identity", "Languages", "OTP", "PSKC", "SQL",
                "ServerApp", "Storage", "Time", .argumentParser, .logging,
            ]),

        // The server with a clock that tests move; never installed.
        program(
            "test-server",
            [
                "Encodings", "Flows", "Identifiers", "Identity", "OAuth", "ServerApp", "Sessions", "Storage", "Time",
                .argumentParser, .logging,
            ]),

        // Beside: what users have, and an application.
        room("CardDevice", ["OTP"]),
        program(
            "card-simulator",
            [
                "CardDevice", "Languages", "OTP", .argumentParser, .httpTypes, .hummingbird, .logging, .mustache,
                .nioCore,
            ],
            resources: [.embedInCode("Resources")]),
        room(
            "CarrierSimulator",
            [
                "Encodings", "SMPP", "Time", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .hummingbirdCore,
                .logging, .mustache, .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ],
            resources: [.embedInCode("Resources")]),
        program("carrier-simulator", ["CarrierSimulator", .argumentParser, .logging]),
        room(
            "ClientPortal",
            [
                "Encodings", "Languages", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .hummingbirdCore,
                .jwtKit,
                .logging, .mustache, .nioCore, .nioHTTP1,
            ],
            resources: [.embedInCode("Resources")]),
        program("client-portal", ["ClientPortal", .argumentParser, .logging]),
        room("TestSupport"),
        // Not shipped: drives a running server, and its store's drivers beside it.
        program(
            "countersign-bench",
            [
                "Encodings", "Identifiers", "OTP", "PasswordHashing", "PostgresDriver", "SMPP", "SMPPChannel", "SQL",
                "SQLiteDriver",
                .argumentParser, .nioCore, .nioPosix,
            ]),
        room(
            "TestWorld",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Flows", "Identifiers", "Identity", "Login",
                "OAuth", "OTP", "Outbox", "PasswordHashing", "PhoneNumbers", "PostgresDriver", "SQL", "SQLiteDriver",
                "Sealing", "Sessions",
                "Storage", "TestSupport", "Time",
            ]),

        tests("TimeTests", ["Time"]),
        tests("IdentifiersTests", ["Identifiers", "Time"]),
        tests("TelemetryTests", ["Telemetry"]),
        tests("SealingTests", ["Sealing"]),
        tests("PasswordHashingTests", ["Identifiers", "PasswordHashing", "Time"]),
        tests("AuditTests", ["Audit"]),
        tests("OutboxTests", ["Channels", "Encodings", "Identity", "Outbox", "Time"]),
        tests("IdentityTests", ["Identity", "Time"]),
        tests("ApplicationsTests", ["Applications", "Encodings", "Identifiers", "OAuth"]),
        tests(
            "AuthenticatorsTests",
            ["Audit", "Authenticators", "Encodings", "Identifiers", "OTP", "TestSupport", "Time"]),
        tests(
            "LoginTests", ["Audit", "Authenticators", "Encodings", "Identifiers", "Login", "PasswordHashing", "Time"]),
        tests("SessionsTests", ["Authenticators", "Encodings", "Identifiers", "Sessions", "Time"]),
        tests("EncodingsTests", ["Encodings", "TestSupport"]),
        tests("OAuthTests", ["Encodings", "OAuth"]),
        tests("OTPTests", ["OTP", "TestSupport", .crypto]),
        tests("XMLTests", ["Encodings", "TestSupport", "XML"]),
        tests("CSVTests", ["CSV", "Encodings"]),
        tests("PhoneNumbersTests", ["CPhoneNumbers", "PhoneNumbers"]),
        tests("CarrierGuidanceTests", ["CarrierGuidance", "TestSupport"]),
        tests("SMPPTests", ["SMPP", "Time"]),
        tests(
            "SMPPChannelTests",
            [
                "Channels", "Identifiers", "SMPP", "SMPPChannel", "TestSupport", "Time", .logging, .nioCore,
                .nioEmbedded, .nioPosix, .nioSSL,
            ]),
        tests("PSKCTests", ["Encodings", "PSKC", "TestSupport", "Time", "XML", .crypto, .cryptoExtras]),
        tests("CardFilesTests", ["Authenticators", "CSV", "CardFiles", "Encodings", "OTP", "PSKC", "Time"]),
        tests("SQLTests", ["PostgresDriver", "SQL", "SQLiteDriver", "TestSupport", .logging]),
        tests(
            "StorageTests",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Identifiers", "Identity", "Login", "OTP",
                "Outbox",
                "PasswordHashing", "PhoneNumbers", "SQL", "Sealing", "Sessions", "Storage", "TestWorld", "Time",
            ]),
        tests("ChildProcessesTests", ["ChildProcesses", "TestSupport"]),
        tests("PrivateFilesTests", ["PrivateFiles", "TestSupport"]),
        tests("SpeechTests", ["Channels", "ChildProcesses", "Encodings", "Speech", "TestSupport", "Time"]),
        tests(
            "VoiceChannelTests",
            [
                "Channels", "ChildProcesses", "Encodings", "Identifiers", "Speech", "TestSupport", "Time",
                "VoiceChannel",
                .logging, .nioCore, .nioPosix, .nioSSL,
            ]),
        tests(
            "FlowsTests",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Encodings", "Flows", "Identifiers", "Identity",
                "Login", "OAuth", "Outbox", "PasswordHashing", "PhoneNumbers", "SQL", "Sealing", "Sessions", "Storage",
                "TestWorld",
                "Time",
            ]),
        tests(
            "DeliveryTests",
            [
                "Applications", "Authenticators", "Channels", "Delivery", "Encodings", "Flows", "Identifiers",
                "Identity", "OAuth", "Outbox", "PhoneNumbers", "SMPP", "SQL", "Sessions", "Storage", "TestWorld",
                "Time", "TokenSigning",
                .asyncHTTPClient,
                .httpTypes, .hummingbird, .hummingbirdTesting, .logging, .nioCore,
            ]),
        tests(
            "HTTPChannelTests",
            [
                "Channels", "Encodings", "HTTPChannel", "Identifiers", "Outbox", "TestSupport", "Time", .crypto,
                .nioCore, .nioPosix, .nioSSL,
            ]),
        tests(
            "MailChannelTests",
            [
                "Channels", "Encodings", "Identifiers", "MailChannel", "TestSupport", "Time", .nioCore, .nioPosix,
                .nioSSL,
            ]),
        tests(
            "CanaryTests",
            [
                "Encodings", "Flows", "HTTPEdge", "Identifiers", "Identity", "OAuth", "Outbox", "SQL", "ServerApp",
                "Storage", "TestSupport", "TestWorld", "Time", .httpTypes, .hummingbird, .hummingbirdTesting, .logging,
                .nioCore,
            ]),
        tests(
            "HTTPTests",
            [
                "Applications", "Authenticators", "Encodings", "Flows", "HTTPEdge", "Identifiers", "Identity",
                "OAuth", "Outbox", "PasswordHashing", "PhoneNumbers", "SQL", "ServerApp", "Sessions", "Storage",
                "TestSupport", "TestWorld", "Time", "TokenSigning", .crypto, .cryptoExtras, .httpTypes, .hummingbird,
                .hummingbirdTesting, .logging,
                .nioCore,
            ]),
        tests(
            "ServerAppTests",
            [
                "Applications", "Audit", "Authenticators", "Channels", "Delivery", "Encodings", "Flows", "HTTPEdge",
                "HTTPChannel", "Identifiers", "Identity",
                "OAuth", "Outbox", "PhoneNumbers", "SMPPChannel",
                "PasswordHashing", "SQL", "ServerApp", "Sessions", "Storage", "Telemetry", "TestSupport", "TestWorld",
                "Time", "VoiceChannel", .logging,
            ]),
        tests("ArchitectureTests", ["Encodings", "TestSupport"]),
        tests("CardDeviceTests", ["CardDevice", "OTP"]),
        tests(
            "CardSimulatorTests",
            [
                "CardDevice", "Languages", "OTP", "card-simulator", .argumentParser, .httpTypes, .hummingbird,
                .hummingbirdTesting,
            ]),
        tests("LanguagesTests", ["Languages"]),
        tests("WebUITests", ["HTTPEdge", "Time", "WebUI", .httpTypes, .hummingbird]),
        tests("TerminalClientTests", ["Languages", "TerminalClient"]),
        tests(
            "CarrierSimulatorTests",
            [
                "CarrierSimulator", "Encodings", "SMPP", "Time", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird,
                .hummingbirdTesting, .logging, .nioCore, .nioPosix,
            ]),
        tests(
            "ClientPortalTests",
            [
                "ClientPortal", "Languages", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .hummingbirdCore,
                .hummingbirdTesting, .jwtKit, .logging, .nioCore, .nioHTTP1,
            ]),
    ],
    cxxLanguageStandard: .cxx17
)
