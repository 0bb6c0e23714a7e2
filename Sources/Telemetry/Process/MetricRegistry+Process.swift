extension MetricRegistry {
    /// Shows the process's own metrics (`process_…`), read at each scrape, under the names that every dashboard knows.
    /// What the kernel does not tell is left out.
    public func addProcessMetrics() {
        if let age = ProcessStatus.age {
            let started = Double(Timestamp.now.milliseconds) / 1000 - age / .seconds(1)
            gauge(.processStartTime).set(started)
        }
        read(.processCPUSeconds) { ProcessStatus.processorSeconds }
        read(.processResidentMemory) { ProcessStatus.residentMemoryBytes.map { Double($0) } ?? .nan }
        read(.processOpenDescriptors) { ProcessStatus.openDescriptors.map { Double($0) } ?? .nan }
        read(.processDescriptorsMax) { ProcessStatus.descriptorsMax.map { Double($0) } ?? .nan }
    }
}
