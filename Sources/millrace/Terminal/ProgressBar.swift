/// A bar on standard error that grows in place, at most ten times a second; silent where standard error is no terminal.
struct ProgressBar {
    private let isShown: Bool
    private let clock = ContinuousClock()
    private var next: ContinuousClock.Instant
    private var isDrawn = false
    private static let interval = Duration.milliseconds(100)
    private static let cells = 30

    init(isShown: Bool = StandardError.isTerminal) {
        self.isShown = isShown
        self.next = clock.now
    }

    /// Shows `fraction` (0...1; `nil` when the whole is unknown) and `text`, if a tenth of a second has passed.
    mutating func update(fraction: Double?, _ text: @autoclosure () -> String) {
        guard isShown, clock.now >= next else { return }
        next = clock.now + Self.interval
        draw(fraction: fraction, text())
    }

    /// Takes the bar away, so that the summary stands in its place.
    mutating func clear() {
        guard isDrawn else { return }
        StandardError.write("\r\u{1B}[2K")
        isDrawn = false
    }

    private mutating func draw(fraction: Double?, _ text: String) {
        isDrawn = true
        guard let fraction, fraction.isFinite else {
            StandardError.write("\r\u{1B}[2K\(text)")
            return
        }
        let filled = Int(min(max(fraction, 0), 1) * Double(Self.cells))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.cells - filled)
        StandardError.write("\r\u{1B}[2K\(bar) \(NumberText.right(NumberText.fixed(fraction * 100, 0), 3)) %  \(text)")
    }
}
