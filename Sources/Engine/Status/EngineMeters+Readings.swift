internal import Kafka
internal import Learning
internal import Telemetry

/// What the metrics page reads when it is asked for, instead of being counted.
extension EngineMeters {
    /// Shows position, lag and the age of the last progress of a task, also while it is idle (I9). When the task leaves this
    /// process its series are hidden.
    func show(_ partition: TopicPartition, on board: StatusBoard) {
        let number = "\(partition.partition)"
        registry.read(.partitionLag, partition.topic, number) {
            guard let progress = board.handle(of: partition)?.progress, let end = board.highWatermark(of: partition)
            else {
                return .nan
            }
            return Double(max(0, end - max(0, max(progress.deliveredPosition, progress.committedPosition))))
        }
        registry.read(.partitionProgressAge, partition.topic, number) {
            guard let progress = board.handle(of: partition)?.progress else { return .nan }
            return Double(MonotonicClock.now - progress.lastProgressAt) / 1e9
        }
        registry.read(.partitionPosition, partition.topic, number) {
            guard let position = board.handle(of: partition)?.progress.readPosition, position >= 0 else { return .nan }
            return Double(position)
        }
        registry.read(.partitionCommitted, partition.topic, number) {
            guard let position = board.handle(of: partition)?.progress.committedPosition, position >= 0 else {
                return .nan
            }
            return Double(position)
        }
    }

    /// Shows the prequential figures of the models, over the tasks of this process.
    func showQuality(of models: [ModelFigures], on board: StatusBoard) {
        for (index, model) in models.enumerated() {
            for figure in model.figures {
                registry.read(.modelQuality, model.name, figure) {
                    let known = board.mergedMetrics(ofModel: index)?.figures ?? []
                    return known.first { $0.name == figure }?.value ?? .nan
                }
            }
        }
    }

    /// Shows how much each expert of a model that combines experts counts, over the tasks of this process.
    func showExperts(of models: [ModelExperts], on board: StatusBoard) {
        for (index, model) in models.enumerated() {
            for (expert, name) in model.experts.enumerated() {
                registry.read(.expertWeight, model.name, name) {
                    board.meanWeight(ofExpert: expert, inModel: index) ?? .nan
                }
            }
        }
    }

    /// A model and the names of its figures.
    struct ModelFigures {
        let name: String
        let figures: [String]
    }

    /// A model and the names of its experts; none where it combines none.
    struct ModelExperts {
        let name: String
        let experts: [String]
    }
}

extension StatusBoard {
    /// One model's prequential metrics over all tasks of this process; `nil` before the first label.
    func mergedMetrics(ofModel index: Int) -> PrequentialMetrics? {
        var merged: PrequentialMetrics?
        for handle in handles {
            let metrics = handle.progress.metrics
            guard index < metrics.count else { continue }
            if merged == nil { merged = metrics[index] } else { merged?.merge(metrics[index]) }
        }
        return merged
    }

    /// The mean of an expert's weights in the tasks of this process, each counting by the events it has learned; `nil` before
    /// the first label.
    func meanWeight(ofExpert expert: Int, inModel index: Int) -> Double? {
        var (sum, total) = (0.0, 0.0)
        for handle in handles {
            let progress = handle.progress
            guard let weights = progress.experts[index], expert < weights.count, index < progress.metrics.count else {
                continue
            }
            let count = Double(progress.metrics[index].count)
            sum += count * weights[expert]
            total += count
        }
        return total > 0 ? sum / total : nil
    }
}
