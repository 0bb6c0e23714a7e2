import Telemetry

extension ClientProperties {
    /// Why librdkafka would not make the clients of a pipeline from these properties, without any secret; `nil` when it
    /// does. It finds what no property shows alone: files, mechanisms, combinations.
    ///
    /// Makes a consumer and a producer and frees them. They know no broker, so nothing is sent; no thread is left. Takes
    /// milliseconds. Blocks.
    public func trialProblem() -> String? {
        var offline = self
        offline.removeBootstrapServers()
        // Otherwise a Kerberos client runs `kinit` as soon as it is made.
        let noTicket = Property(key: "sasl.kerberos.min.time.before.relogin", value: "0")
        if Self.check(key: noTicket.key, value: noTicket.value, section: .common) == nil {
            offline.common.append(noTicket)
        }
        let silent = Log(level: .error, write: { _ in })
        let clients: [(ClientHandle.Kind, [Property])] = [
            (.consumer, ConsumerSettings(groupID: "trial").properties(offline)),
            (.producer, ProducerSettings().properties(offline)),
        ]
        for (kind, properties) in clients {
            do throws(KafkaError) {
                let client = try ClientHandle(
                    kind, properties: properties, serving: .events(0), secrets: secrets, log: silent)
                _ = client.destroy(deadline: .now + .seconds(5))
            } catch {
                return error.message
            }
        }
        return nil
    }
}
