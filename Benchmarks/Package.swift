// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what measures Millrace is no part of it. `make bench` builds and runs it.
let package = Package(
    name: "millrace-benchmarks",
    dependencies: [.package(name: "millrace", path: "..")],
    targets: [
        .executableTarget(
            name: "parts",
            dependencies: [.product(name: "MillraceLibraries", package: "millrace")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
            ])
    ],
    cxxLanguageStandard: .cxx17
)
