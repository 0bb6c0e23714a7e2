// swift-tools-version: 6.2
import PackageDescription

// Every target is built with the same strict settings: Swift 6 mode, strict memory safety, warnings as errors.
// `-cross-module-optimization` folds the small public accessors of one module into the hot loop of another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

// Learners run over whole streams in the tests: optimised in debug builds too, which is 30 times faster.
let learningSettings = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let cSettings: [CSetting] = [.define("NDEBUG"), .unsafeFlags(["-Wall", "-Wextra"])]
// simdjson keeps its assertions unless NDEBUG is set, and SwiftPM does not set it: 5 to 8 % of the decode.
let cxxSettings: [CXXSetting] = [.define("NDEBUG"), .unsafeFlags(["-O3", "-Wall", "-Wextra"])]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "millrace",
    products: [
        .executable(name: "millrace", targets: ["millrace"]),
        .library(
            name: "MillraceLibraries", targets: ["Hashing", "Telemetry", "Kafka", "Learning", "Features", "Engine"]),
    ],
    targets: [
        // System libraries, each behind one C module that exactly one Swift target imports.
        .systemLibrary(name: "CRdKafkaSystem", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(name: "CRdKafka", dependencies: ["CRdKafkaSystem"], cSettings: cSettings),
        .target(name: "CSimdJSON", cxxSettings: cxxSettings, linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CMicroHTTPD", cSettings: cSettings, linkerSettings: [.linkedLibrary("microhttpd")]),
        .target(name: "CLinux", cSettings: cSettings),

        module("Hashing", ["CXXHash", "COpenSSL"]),
        module("Telemetry"),
        .target(name: "Learning", dependencies: ["Hashing"], swiftSettings: learningSettings),
        module("Features", ["Learning", "Hashing", "CSimdJSON", "CZlib"]),
        module("Kafka", ["CRdKafka", "Telemetry"]),
        module("Configuration", ["CYAML", "Kafka", "Features", "Learning"]),
        module("Engine", ["CLinux", "Kafka", "Features", "Learning", "Hashing", "Telemetry"]),
        module("Service", ["CMicroHTTPD", "Telemetry"]),
        .executableTarget(
            name: "millrace",
            dependencies: [
                "Configuration", "Engine", "Features", "Hashing", "Kafka", "Learning", "Service", "Telemetry",
            ],
            swiftSettings: settings),

        tests("HashingTests", ["Hashing"]),
        tests("TelemetryTests", ["Telemetry"]),
        .testTarget(
            name: "LearningTests", dependencies: ["Hashing", "Learning"], resources: [.copy("Reference")],
            swiftSettings: learningSettings),
        tests("FeaturesTests", ["Features", "Learning"], resources: [.copy("Corpus")]),
        tests("ConfigurationTests", ["Configuration", "Features", "Kafka", "Learning"]),
        tests("KafkaTests", ["Kafka", "Telemetry"]),
        tests("EngineTests", ["Engine", "Features", "Kafka", "Learning", "Telemetry"]),
        tests("ServiceTests", ["Service", "Telemetry"]),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        tests("CommandTests", ["Learning", "TestSupport"]),
        tests("BrokerTests", ["TestSupport"]),
    ],
    cxxLanguageStandard: .cxx17
)
