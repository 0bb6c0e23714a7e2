extension LinearWeights {
    /// One step of plain gradient descent for the absorbed event of a model of one score, whose derivative is `gradient`: the
    /// most usual way, small enough to stand in the caller.
    @inline(__always)
    func descendPlainly(_ features: borrowing FeatureVector, gradient: Double) {
        let (time, factor) = (learnedCount, rateFactor)
        let rate = unsafe core.pointee.parameters.optimizer.learningRate.rate(after: time) * factor
        applyOne(PlainStep(rate: rate, gradient: gradient), to: features)
        let interceptRate = unsafe core.pointee.parameters.optimizer.interceptLearningRate.rate(after: time) * factor
        unsafe intercept(0)[0] -= interceptRate * gradient
    }

    /// One step of the optimiser for the absorbed event. `gradient` is the derivative of the loss in the only score; in a
    /// model of several scores their derivatives are the outputs.
    @inline(never)
    func descend(_ features: borrowing FeatureVector, gradient: Double) {
        let (optimizer, keep) = unsafe (core.pointee.parameters.optimizer, core.pointee.parameters.keep)
        let (time, factor) = (learnedCount, rateFactor)
        let decay = WeightDecay(l2: optimizer.l2, keep: keep)
        if optimizer.kind == .coin {
            return bet(features, CoinStep(rateFactor: factor, decay: decay, gradient: gradient))
        }
        moveIntercepts(
            rate: optimizer.interceptLearningRate.rate(after: time) * factor, gradient: gradient)
        let rate = optimizer.learningRate.rate(after: time) * factor
        switch optimizer.kind {
        case .coin: return
        case .ftrl: follow(features, gradient: gradient, optimizer, keep: keep)
        case .sgd where unsafe core.pointee.parameters.isPlain:
            apply(PlainStep(rate: rate, gradient: gradient), to: features)
        case .sgd:
            penalise(
                GradientStep(rate: rate, decay: decay, gradient: gradient), features, rate, optimizer)
        case .momentum:
            penalise(
                MomentumStep(rate: rate, momentum: optimizer.momentum, decay: decay, gradient: gradient),
                features, rate,
                optimizer)
        case .adagrad:
            penalise(
                AdaGradStep(rate: rate, epsilon: optimizer.epsilon, decay: decay, gradient: gradient),
                features, rate,
                optimizer)
        case .rmsprop:
            penalise(
                RMSPropStep(
                    rate: rate, memory: optimizer.memory, epsilon: optimizer.epsilon, decay: decay,
                    gradient: gradient),
                features, rate, optimizer)
        case .adam:
            let corrected = rate * adamCorrection(optimizer)
            penalise(
                AdamStep(
                    rate: corrected, beta1: optimizer.beta1, beta2: optimizer.beta2,
                    epsilon: optimizer.epsilon,
                    decay: decay, gradient: gradient), features, rate, optimizer)
        }
    }

    /// Moves weights and intercept along the absorbed event of a model of one score, after forgetting.
    @inline(__always)
    func move(_ features: borrowing FeatureVector, by distance: Double, keep: Double) {
        if keep == 1 {
            apply(PlainStep(rate: -1, gradient: distance), to: features)
        } else {
            apply(
                GradientStep(rate: -1, decay: WeightDecay(l2: 0, keep: keep), gradient: distance),
                to: features)
        }
        moveIntercepts(rate: -1, gradient: distance)
    }

    /// √(1 − β₂ᵗ)/(1 − β₁ᵗ), this event included in t.
    @inline(__always)
    private func adamCorrection(_ optimizer: borrowing LinearOptimizer) -> Double {
        // A power too small to change 1 − it becomes 0: it would end subnormal, where every product takes 100 cycles.
        let first = unsafe core.pointee.beta1Power * optimizer.beta1
        let second = unsafe core.pointee.beta2Power * optimizer.beta2
        unsafe core.pointee.beta1Power = first < 1e-30 ? 0 : first
        unsafe core.pointee.beta2Power = second < 1e-30 ? 0 : second
        return (1 - second).magnitude.squareRoot() / (1 - first)
    }

    /// The step, with the cumulative penalty where there is one.
    @inline(__always)
    private func penalise<Step: WeightStep>(
        _ step: Step, _ features: borrowing FeatureVector, _ rate: Double,
        _ optimizer: borrowing LinearOptimizer
    ) {
        guard optimizer.hasCumulativePenalty else { return apply(step, to: features) }
        let total = unsafe core.pointee.penaltyTotal + rate * optimizer.l1
        unsafe core.pointee.penaltyTotal = total
        apply(PenalisedStep(base: step, total: total), to: features)
    }

    @inline(__always)
    private func follow(
        _ features: borrowing FeatureVector, gradient: Double, _ optimizer: borrowing LinearOptimizer,
        keep: Double
    ) {
        let constants = LeaderConstants(
            alpha: optimizer.alpha, beta: optimizer.beta, l1: optimizer.l1, l2: optimizer.l2, keep: keep,
            rateFactor: rateFactor)
        if optimizer.isLagged {
            apply(LaggedLeaderStep(constants: constants, gradient: gradient), to: features)
        } else {
            apply(LeaderStep(constants: constants, gradient: gradient), to: features)
        }
    }

    /// Coin betting has no learning rate for the intercepts either: they bet as the weight of a feature that is always 1.
    @inline(__always)
    private func bet(_ features: borrowing FeatureVector, _ step: CoinStep) {
        apply(step, to: features)
        for vector in 0..<vectorCount {
            var own = step
            own.decay = WeightDecay(l2: 0, keep: 1)
            if !hasOneScore { own.gradient = unsafe core.pointee.outputs[vector] }
            let number = unsafe intercept(vector)
            unsafe number[0] = own.step(number[0], 1, WeightState(behind: number))
        }
    }
}
