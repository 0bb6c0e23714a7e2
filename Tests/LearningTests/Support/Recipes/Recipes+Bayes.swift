import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let bayes: [Recipe] = []
}
