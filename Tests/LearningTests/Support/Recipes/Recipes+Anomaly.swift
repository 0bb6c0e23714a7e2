import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let anomaly: [Recipe] = []
}
