/// What an expert costs, nominally: a model of the time that one event takes to predict and learn, fitted to measurements on
/// one machine (`Benchmarks`, the table of the parts). It decides which experts `auto` retires under a budget; being a
/// number of the program and not of the clock, it decides the same in a replay.
enum ExpertCost {
    /// Microseconds an event.
    static func microseconds(of specification: ModelSpecification, shape: LearnerShape) -> Double {
        let features = Double(shape.denseCount + shape.fieldCount)
        switch specification.type.name {
        case "last_label", "majority", "running_mean": return 0.005
        case "gaussian_nb", "bernoulli_nb", "multinomial_nb": return 0.02 + 0.015 * features
        case "hoeffding_tree", "extremely_fast_decision_tree": return 0.1 + 0.03 * features
        case "hoeffding_adaptive_tree": return 0.2 + 0.05 * features
        case "adaptive_random_forest", "streaming_random_patches": return 3 + 0.1 * features
        case "adwin_bagging", "leveraging_bagging", "online_boosting": return 2 + 0.5 * features
        case "knn": return 1 + 0.5 * features
        case "factorization_machine": return 0.05 + 0.03 * features
        default: return 0.01 + 0.003 * features
        }
    }
}
