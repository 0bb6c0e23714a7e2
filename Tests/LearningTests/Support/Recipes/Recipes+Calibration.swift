import Learning

extension Recipe {
    /// Calibrated learners: with a scaler before them, behind it, and one that learns without labels.
    static let calibration: [Recipe] = [
        Recipe("logistic, Platt", .binary, type: "logistic_regression", [ParameterEntry("calibrate", .text("platt"))]),
        Recipe(
            "half-space trees, isotonic", .binary, type: "half_space_trees",
            [
                ParameterEntry("trees", .number(2)), ParameterEntry("height", .number(3)),
                ParameterEntry("window", .number(20)), ParameterEntry("calibrate", .text("isotonic")),
            ], exempt: [.absentSlots]),
        Recipe("majority, isotonic", .binary, type: "majority", [ParameterEntry("calibrate", .text("isotonic"))]),
    ]
}
