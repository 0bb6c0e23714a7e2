/// How a model scales its dense features before it learns from them; sparse features are never scaled.
enum FeatureScaling: String, Sendable, Equatable, CaseIterable {
    /// Values as they come.
    case none
    /// (x − running mean) / running population standard deviation; 0 while that is 0.
    case standard
    /// (x − least so far) / (largest so far − least so far); 0 while both are equal.
    case minMax = "min_max"
    /// x / largest size so far; 0 while that is 0.
    case maxAbs = "max_abs"
    /// (x − running median) / (running third quartile − running first quartile); 0 while those are equal.
    case robust
}
